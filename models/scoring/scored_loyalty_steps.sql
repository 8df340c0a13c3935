{%- set reach = setting("loyalty_reach_share") -%}

with tiers as (
    select * from {{ ref('scored_customer_tiers') }}
    where standing = 'active'
),

lines as (
    select * from {{ ref('scored_loyalty_lines') }}
),

-- Whoever is in a tier is short of something that the next one asks for.
measured as (
    select
        tiers.customer_id,
        tiers.segment_key,
        tiers.loyalty_tier,
        lines.loyalty_tier as next_tier,
        tiers.yearly_amount,
        tiers.yearly_orders,
        lines.minimum_amount,
        lines.minimum_tenure_days,
        lines.minimum_orders,
        {{ as_amount("greatest(lines.minimum_amount - tiers.yearly_amount, 0)") }}
            as missing_amount,
        greatest(lines.minimum_orders - tiers.yearly_orders, 0) as missing_orders,
        greatest(lines.minimum_tenure_days - tiers.tenure_days, 0) as missing_days
    from tiers
    inner join lines on tiers.tier_rank = lines.previous_rank
),

-- One order is always within reach, whatever its share of the line.
close as (
    select
        customer_id,
        segment_key,
        loyalty_tier,
        next_tier,
        minimum_amount,
        yearly_amount,
        missing_amount,
        missing_orders,
        missing_days,
        -- What the step itself brings: the missing amount, or orders as large as the others.
        case
            when missing_orders > 0
                then
                    missing_orders
                    * coalesce({{ share_of("yearly_amount", "yearly_orders") }}, 0)
            else cast(missing_amount as double)
        end as step_amount,
        round(
            case
                when missing_orders > 0
                    then
                        1 - {{ share_of(
                            "missing_orders - 1",
                            "greatest(" ~ reach ~ " * minimum_orders, 1)"
                        ) }}
                when missing_amount > 0
                    then 1 - {{ share_of("missing_amount", reach ~ " * minimum_amount") }}
                else 1 - {{ share_of("missing_days", reach ~ " * minimum_tenure_days") }}
            end,
            9
        ) as closeness_share
    from measured
    where
        case when missing_amount > 0 then 1 else 0 end
        + case when missing_orders > 0 then 1 else 0 end
        + case when missing_days > 0 then 1 else 0 end
        = 1
        and missing_amount <= {{ reach }} * minimum_amount
        and missing_orders <= greatest({{ reach }} * minimum_orders, 1)
        and missing_days <= {{ reach }} * minimum_tenure_days
)

select * from close
