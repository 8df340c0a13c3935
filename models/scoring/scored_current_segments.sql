with scored as (
    select * from {{ ref('scored_customer_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

current_segments as (
    select
        scored.customer_id,
        scored.segmentation,
        scored.segment_key
    from scored
    inner join as_of_dates on scored.as_of_date = as_of_dates.as_of_date
)

select * from current_segments
