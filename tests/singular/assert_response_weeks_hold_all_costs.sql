-- What was spent in the weeks that curves are learned from is what was spent.
with spent as (
    select
        period_on,
        sum(spend_amount) as spend_amount
    from {{ ref('scored_response_weeks') }}
    group by period_on
),

costs as (
    select
        cast({{ dbt.date_trunc("week", "cost_on") }} as date) as period_on,
        sum(cost_amount) as cost_amount
    from {{ ref('int_marketing_costs_dated') }}
    group by 1
)

select
    spent.period_on,
    spent.spend_amount,
    costs.cost_amount
from spent
left join costs on spent.period_on = costs.period_on
where spent.spend_amount <> coalesce(costs.cost_amount, 0)
