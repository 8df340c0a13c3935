with customer_segments as (
    select * from {{ ref('scored_customer_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

names as (
    select * from {{ ref('scored_segment_names') }}
),

protected_values as (
    select * from {{ ref('int_protected_values_banded') }}
),

members as (
    select
        customer_segments.segmentation,
        customer_segments.segment_key,
        protected_values.attribute,
        protected_values.attribute_value
    from customer_segments
    inner join as_of_dates
        on
            customer_segments.as_of_date = as_of_dates.as_of_date
            and as_of_dates.is_current
    inner join names
        on
            customer_segments.segmentation = names.segmentation
            and customer_segments.segment_key = names.segment_key
            and not names.is_special
    inner join protected_values
        on customer_segments.customer_id = protected_values.customer_id
),

segments as (
    select
        segmentation,
        attribute,
        segment_key,
        count(*) as segment_customer_count,
        sum(count(*)) over (partition by segmentation, attribute) as known_customer_count,
        count(*) over (partition by segmentation, attribute) as segment_count
    from members
    group by segmentation, attribute, segment_key
),

attribute_values as (
    select
        segmentation,
        attribute,
        attribute_value,
        count(*) as value_customer_count,
        count(*) over (partition by segmentation, attribute) as value_count
    from members
    group by segmentation, attribute, attribute_value
),

counts as (
    select
        segmentation,
        attribute,
        segment_key,
        attribute_value,
        count(*) as customer_count
    from members
    group by segmentation, attribute, segment_key, attribute_value
),

-- Every value in every segment, also where nobody has it.
cells as (
    select
        segments.*,
        attribute_values.attribute_value,
        attribute_values.value_customer_count,
        attribute_values.value_count,
        coalesce(counts.customer_count, 0) as customer_count
    from segments
    inner join attribute_values
        on
            segments.segmentation = attribute_values.segmentation
            and segments.attribute = attribute_values.attribute
    left join counts
        on
            segments.segmentation = counts.segmentation
            and segments.attribute = counts.attribute
            and segments.segment_key = counts.segment_key
            and attribute_values.attribute_value = counts.attribute_value
)

select * from cells
