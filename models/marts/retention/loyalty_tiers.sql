with tiers as (
    select * from {{ ref('scored_customer_tiers') }}
),

lines as (
    select * from {{ ref('scored_loyalty_lines') }}
),

benefits as (
    select * from {{ ref('scored_loyalty_benefits') }}
),

margins as (
    select * from {{ ref('int_margin_measured') }}
),

summed as (
    select
        segmentation,
        segment_key,
        segment_name,
        loyalty_tier,
        tier_rank,
        count(*) as customers,
        {{ as_amount("sum(net_revenue_amount)") }} as net_revenue_amount,
        {{ as_amount("sum(yearly_amount)") }} as yearly_amount,
        as_of_date
    from tiers
    group by
        segmentation, segment_key, segment_name, loyalty_tier, tier_rank, as_of_date
),

-- A benefit is paid on the spend that it brings too.
priced as (
    select
        summed.*,
        benefits.benefit,
        benefits.evidence,
        benefits.uplift_share,
        margins.margin_share,
        cast(summed.yearly_amount as double) * benefits.yearly_cost_share
            as cost_before_uplift,
        cast(summed.customers * benefits.yearly_cost_amount as double) as fixed_cost,
        cast(summed.yearly_amount as double)
        * (margins.margin_share - benefits.yearly_cost_share) as gain_per_uplift
    from summed
    cross join margins
    left join benefits
        on
            summed.segment_key = benefits.segment_key
            and summed.loyalty_tier = benefits.loyalty_tier
),

loyalty_tiers as (
    select
        priced.segmentation,
        priced.segment_key,
        priced.segment_name,
        priced.loyalty_tier,
        priced.benefit,
        priced.evidence,
        '{{ setting("reporting_currency") }}' as currency_code,
        cast(priced.tier_rank as bigint) as tier_rank,
        cast(priced.customers as bigint) as customers,
        priced.net_revenue_amount,
        priced.yearly_amount,
        lines.minimum_amount,
        lines.minimum_tenure_days,
        lines.minimum_orders,
        priced.margin_share,
        priced.uplift_share,
        case
            when priced.gain_per_uplift > 0
                then (priced.cost_before_uplift + priced.fixed_cost) / priced.gain_per_uplift
        end as break_even_uplift_share,
        {{ as_amount(
            "round(coalesce(priced.cost_before_uplift * (1 + priced.uplift_share)"
            " + priced.fixed_cost, 0), 2)"
        ) }} as cost_amount,
        {{ as_amount(
            "round(coalesce(priced.gain_per_uplift * priced.uplift_share"
            " - priced.cost_before_uplift - priced.fixed_cost, 0), 2)"
        ) }} as expected_gain_amount,
        priced.as_of_date
    from priced
    left join lines on priced.loyalty_tier = lines.loyalty_tier
)

select * from loyalty_tiers
