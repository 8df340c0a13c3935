with segments as (
    select * from {{ ref('scored_budget_segments') }}
),

costs as (
    select * from {{ ref('scored_marketing_costs') }}
),

customer_days as (
    select
        customer_id,
        net_amount - cost_amount as margin_amount,
        active_on,
        {{ first_day_of_month("active_on") }} as month_on
    from {{ ref('int_customer_days_aggregated') }}
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
),

weeks as (
    select * from {{ ref('int_response_weeks_listed') }}
),

parts as (
    select
        segmentation,
        segment_key,
        cost_amount as spend_amount,
        0 as margin_amount,
        cast({{ dbt.date_trunc("week", "cost_on") }} as date) as period_on
    from costs

    union all

    select
        memberships.segmentation,
        memberships.segment_key,
        0 as spend_amount,
        customer_days.margin_amount,
        cast({{ dbt.date_trunc("week", "customer_days.active_on") }} as date) as period_on
    from customer_days
    inner join memberships
        on
            customer_days.customer_id = memberships.customer_id
            and customer_days.month_on = memberships.month_on
)

select
    segments.segmentation,
    segments.segment_key,
    {{ as_amount("sum(coalesce(parts.spend_amount, 0))") }} as spend_amount,
    {{ as_amount("sum(coalesce(parts.margin_amount, 0))") }} as margin_amount,
    weeks.trend,
    weeks.season,
    weeks.period_on
from segments
cross join weeks
left join parts
    on
        segments.segmentation = parts.segmentation
        and segments.segment_key = parts.segment_key
        and weeks.period_on = parts.period_on
group by
    segments.segmentation, segments.segment_key, weeks.trend, weeks.season,
    weeks.period_on
