with standings as (
    select * from {{ ref('scored_loyalty_standings') }}
),

lines as (
    select * from {{ ref('scored_loyalty_lines') }}
),

entry as (
    select min(minimum_tenure_days) as minimum_tenure_days from lines
),

met as (
    select
        standings.customer_id,
        max(lines.tier_rank) as tier_rank
    from standings
    inner join lines
        on
            standings.yearly_amount >= lines.minimum_amount
            and standings.tenure_days >= lines.minimum_tenure_days
            and standings.yearly_orders >= lines.minimum_orders
    where standings.standing = 'active'
    group by standings.customer_id
),

tiers as (
    select
        standings.customer_id,
        standings.segmentation,
        standings.segment_key,
        standings.segment_name,
        standings.standing,
        case
            when lines.loyalty_tier is not null then lines.loyalty_tier
            when standings.standing = 'lapsed' then 'lapsed'
            when
                standings.standing = 'active'
                and standings.tenure_days < entry.minimum_tenure_days
                then 'too_new'
            else 'none'
        end as loyalty_tier,
        coalesce(lines.tier_rank, 0) as tier_rank,
        standings.net_revenue_amount,
        standings.yearly_amount,
        standings.yearly_orders,
        standings.tenure_days,
        standings.as_of_date
    from standings
    cross join entry
    left join met on standings.customer_id = met.customer_id
    left join lines on met.tier_rank = lines.tier_rank
)

select * from tiers
