{#- Customers of the base rate that each cell is given beside its own. -#}
{%- set prior_customers = 10 -%}

with labels as (
    select * from {{ ref('ml_risk_labels') }}
),

counted as (
    select
        scored_on,
        target,
        rfm_cell,
        count(*) as customers,
        sum(label) as events
    from labels
    group by scored_on, target, rfm_cell
),

dates as (
    select distinct
        scored_on,
        target
    from labels
),

-- Only labels that were known by the date.
known as (
    select
        dates.scored_on,
        dates.target,
        counted.rfm_cell,
        sum(counted.customers) as customers,
        sum(counted.events) as events
    from dates
    inner join counted
        on
            dates.target = counted.target
            and counted.scored_on
            <= {{ days_before("dates.scored_on", setting("risk_horizon_days")) }}
    group by dates.scored_on, dates.target, counted.rfm_cell
),

totals as (
    select
        scored_on,
        target,
        cast(sum(events) as double) / sum(customers) as base_rate
    from known
    group by scored_on, target
),

rates as (
    select
        totals.scored_on,
        totals.target,
        labels.customer_id,
        round(
            (coalesce(known.events, 0) + {{ prior_customers }} * totals.base_rate)
            / (coalesce(known.customers, 0) + {{ prior_customers }}),
            9
        ) as cell_rate
    from totals
    inner join labels
        on totals.scored_on = labels.scored_on and totals.target = labels.target
    left join known
        on
            labels.scored_on = known.scored_on
            and labels.target = known.target
            and labels.rfm_cell = known.rfm_cell
)

select * from rates
