-- What was spent in the weeks that curves are learned from is what was spent.
with costs as (
    select
        cost_amount,
        cast({{ dbt.date_trunc("week", "cost_on") }} as date) as period_on
    from {{ ref('int_marketing_costs_dated') }}
),

weekly_costs as (
    select
        period_on,
        sum(cost_amount) as cost_amount
    from costs
    group by period_on
),

spent as (
    select
        period_on,
        sum(spend_amount) as spend_amount
    from {{ ref('scored_response_weeks') }}
    group by period_on
)

select
    spent.period_on,
    spent.spend_amount,
    weekly_costs.cost_amount
from spent
left join weekly_costs on spent.period_on = weekly_costs.period_on
where spent.spend_amount <> coalesce(weekly_costs.cost_amount, 0)
