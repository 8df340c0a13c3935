{%- set horizon_end -%}
cast({{ dbt.dateadd("day", "alerts.horizon_days", "alerts.published_on") }} as date)
{%- endset -%}

with alerts as (
    select * from {{ ref('scored_published_alerts') }}
    where connector = '{{ var("connector") }}'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

orders as (
    select * from {{ ref('int_customer_days_aggregated') }}
    where sale_order_count > 0
),

outcomes as (
    select * from {{ ref('int_customer_outcomes_identified') }}
    where value
),

-- Only what came after the day of publication answers it.
answered as (
    select
        alerts.published_on,
        alerts.customer_id,
        min(orders.active_on) as next_order_on,
        min(outcomes.occurred_on) as happened_on
    from alerts
    inner join as_of_dates on alerts.published_on <= as_of_dates.as_of_date
    left join orders
        on
            alerts.customer_id = orders.customer_id
            and alerts.published_on <= orders.active_on
            and {{ horizon_end }} > orders.active_on
            and as_of_dates.as_of_date > orders.active_on
    left join outcomes
        on
            alerts.customer_id = outcomes.customer_id
            and alerts.target = outcomes.outcome
            and alerts.published_on <= outcomes.occurred_on
    group by alerts.published_on, alerts.customer_id
),

alert_log as (
    select
        alerts.connector,
        alerts.customer_id,
        alerts.target,
        alerts.segmentation,
        alerts.segment_key,
        alerts.model_version,
        '{{ setting("reporting_currency") }}' as currency_code,
        alerts.risk_band,
        case
            when answered.happened_on is not null then 'happened'
            when answered.next_order_on is not null then 'ordered'
            when {{ horizon_end }} <= as_of_dates.as_of_date then 'no_order'
        end as outcome,
        alerts.risk_score,
        alerts.expected_loss_amount,
        alerts.priority_rank,
        alerts.horizon_days,
        coalesce(
            answered.happened_on,
            answered.next_order_on,
            case when {{ horizon_end }} <= as_of_dates.as_of_date then {{ horizon_end }} end
        ) as outcome_on,
        alerts.published_on,
        as_of_dates.as_of_date
    from alerts
    cross join as_of_dates
    inner join answered
        on
            alerts.published_on = answered.published_on
            and alerts.customer_id = answered.customer_id
)

select * from alert_log
