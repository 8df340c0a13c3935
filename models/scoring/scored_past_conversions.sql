{%- set horizon = setting("risk_horizon_days") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

segments as (
    select * from {{ ref('scored_customer_segments') }}
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
    where sale_order_count > 0
),

-- The latest date with segments whose horizon has passed.
cutoffs as (
    select max(past.as_of_date) as cutoff_on
    from as_of_dates as past
    inner join as_of_dates as today
        on
            past.as_of_date <= {{ days_before("today.as_of_date", horizon) }}
            and today.is_current
    where not past.is_current
),

orders as (
    select
        customer_days.customer_id,
        max(case when cutoffs.cutoff_on > customer_days.active_on then 1 else 0 end)
            as has_bought,
        max(case when cutoffs.cutoff_on <= customer_days.active_on then 1 else 0 end)
            as has_converted
    from customer_days
    inner join cutoffs
        on
            cast({{ dbt.dateadd("day", horizon, "cutoffs.cutoff_on") }} as date)
            > customer_days.active_on
    group by customer_days.customer_id
),

conversions as (
    select
        segments.segmentation,
        segments.segment_key,
        coalesce(orders.has_bought, 0) = 1 as has_bought,
        count(*) as members,
        sum(coalesce(orders.has_converted, 0)) as conversions,
        cutoffs.cutoff_on
    from segments
    inner join cutoffs on segments.as_of_date = cutoffs.cutoff_on
    left join orders on segments.customer_id = orders.customer_id
    where segments.segment_key is not null
    group by
        segments.segmentation,
        segments.segment_key,
        coalesce(orders.has_bought, 0) = 1,
        cutoffs.cutoff_on
)

select * from conversions
