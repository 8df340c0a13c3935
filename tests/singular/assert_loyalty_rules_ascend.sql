-- A higher tier asks for no less than a lower one, and no tier is called like a standing.
with rules as (
    select * from {{ ref('loyalty_tier_rules') }}
),

pairs as (
    select
        higher.loyalty_tier,
        lower_tiers.loyalty_tier as lower_tier
    from rules as higher
    inner join rules as lower_tiers on higher.tier_rank > lower_tiers.tier_rank
    where
        higher.minimum_quantile < lower_tiers.minimum_quantile
        or higher.minimum_amount < lower_tiers.minimum_amount
        or higher.minimum_tenure_days < lower_tiers.minimum_tenure_days
        or higher.minimum_orders < lower_tiers.minimum_orders
)

select
    loyalty_tier,
    lower_tier
from pairs
union all
select
    loyalty_tier,
    cast(null as {{ dbt.type_string() }}) as lower_tier
from rules
where loyalty_tier in ('none', 'lapsed', 'too_new')
