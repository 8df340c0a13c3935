with scored as (
    select * from {{ ref('scored_customer_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_primary and is_available
),

names as (
    select * from {{ ref('scored_segment_names') }}
),

primary_segments as (
    select
        scored.customer_id,
        scored.segmentation,
        scored.segment_key,
        names.segment_name,
        scored.as_of_date
    from scored
    inner join as_of_dates on scored.as_of_date = as_of_dates.as_of_date
    inner join models on scored.segmentation = models.segmentation
    inner join names
        on
            scored.segmentation = names.segmentation
            and scored.segment_key = names.segment_key
)

select * from primary_segments
