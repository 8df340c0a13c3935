with rules as (
    select * from {{ ref('loyalty_tier_rules') }}
),

standings as (
    select * from {{ ref('scored_loyalty_standings') }}
),

entry as (
    select min(minimum_tenure_days) as minimum_tenure_days from rules
),

-- Who has hardly begun would lower the lines of everybody.
amounts as (
    select
        standings.yearly_amount,
        count(*) as customers
    from standings
    inner join entry on standings.tenure_days >= entry.minimum_tenure_days
    where standings.standing = 'active'
    group by standings.yearly_amount
),

counted as (
    select
        yearly_amount,
        cast(sum(customers) over (order by yearly_amount) - customers as bigint)
            as customers_below,
        cast(sum(customers) over () as bigint) as customers
    from amounts
),

quantiles as (
    select
        rules.tier_rank,
        min(counted.yearly_amount) as quantile_amount
    from rules
    inner join counted
        on counted.customers_below >= rules.minimum_quantile * counted.customers
    group by rules.tier_rank
),

-- A quantile of zero asks for no spend. Nobody has more than others where all spend the same.
drawn as (
    select
        rules.loyalty_tier,
        rules.tier_rank,
        coalesce(
            rules.minimum_amount,
            case when rules.minimum_quantile = 0 then 0 end,
            {{ readable_amount("quantiles.quantile_amount") }}
        ) as minimum_amount,
        rules.minimum_tenure_days,
        rules.minimum_orders
    from rules
    left join quantiles on rules.tier_rank = quantiles.tier_rank
),

lines as (
    select
        loyalty_tier,
        tier_rank,
        coalesce(lag(tier_rank) over (order by tier_rank), 0) as previous_rank,
        {{ as_amount("minimum_amount") }} as minimum_amount,
        minimum_tenure_days,
        minimum_orders
    from drawn
    where minimum_amount is not null
)

select * from lines
