with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

attributes as (
    select * from {{ ref('int_customer_attributes_identified') }}
),

protected_values as (
    select
        attributes.customer_id,
        attributes.attribute,
        attributes.value_text,
        attributes.value_number
    from attributes
    inner join as_of_dates
        on attributes.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
    where
        {{ is_in_list("lower(attributes.attribute)", setting("protected_attributes")) }}
        and not {{ is_restricted_attribute("attributes.attribute") }}
        and coalesce(attributes.value_text, cast(attributes.value_number as string))
        is not null
),

quartiles as (
    select
        attribute,
        percentile_cont(0.25) within group (order by value_number) as lower_quartile,
        percentile_cont(0.5) within group (order by value_number) as middle,
        percentile_cont(0.75) within group (order by value_number) as upper_quartile
    from protected_values
    group by attribute
),

banded as (
    select
        protected_values.customer_id,
        protected_values.attribute,
        case
            when protected_values.value_text is not null then protected_values.value_text
            when protected_values.value_number <= quartiles.lower_quartile
                then '1 lowest quarter'
            when protected_values.value_number <= quartiles.middle
                then '2 second quarter'
            when protected_values.value_number <= quartiles.upper_quartile
                then '3 third quarter'
            else '4 highest quarter'
        end as attribute_value
    from protected_values
    inner join quartiles on protected_values.attribute = quartiles.attribute
)

select * from banded
