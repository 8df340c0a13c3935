with scored as (
    select * from {{ ref('scored_customer_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

names as (
    select * from {{ ref('scored_segment_names') }}
),

customer_segments as (
    select
        scored.customer_id,
        scored.segmentation,
        scored.segment_key,
        names.segment_name,
        scored.runner_up_segment_key,
        scored.model_version,
        scored.distance,
        scored.confidence,
        scored.as_of_date
    from scored
    inner join as_of_dates
        on scored.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
    left join names
        on
            scored.segmentation = names.segmentation
            and scored.segment_key = names.segment_key
)

select * from customer_segments
