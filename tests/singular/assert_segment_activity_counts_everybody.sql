-- The last month ends with the customers of core.segments, and with the list of who is at risk.
with activity as (
    select * from {{ ref('segment_activity') }}
),

segments as (
    select
        segmentation,
        sum(customer_count) as customers
    from {{ ref('segments') }}
    group by segmentation
),

at_risk as (
    select
        count(*) as at_risk_customers,
        coalesce(sum(value_at_risk_amount), 0) as value_at_risk_amount
    from {{ ref('at_risk_customers') }}
),

latest as (
    select
        segmentation,
        sum(customers) as customers,
        sum(at_risk_customers) as at_risk_customers,
        coalesce(sum(value_at_risk_amount), 0) as value_at_risk_amount
    from activity
    where at_risk_customers is not null
    group by segmentation
)

select segments.segmentation
from segments
cross join at_risk
left join latest on segments.segmentation = latest.segmentation
where
    segments.customers > 0
    and (
        coalesce(latest.customers, 0) <> segments.customers
        or coalesce(latest.at_risk_customers, 0) <> at_risk.at_risk_customers
        or coalesce(latest.value_at_risk_amount, 0) <> at_risk.value_at_risk_amount
    )
