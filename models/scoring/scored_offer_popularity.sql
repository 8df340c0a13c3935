{#- Buyers' worth of everybody's taste that a segment starts from. -#}
{%- set prior_buyers = 20 -%}

with items as (
    select * from {{ ref('int_offer_items_counted') }}
    where recent_buyers > 0
),

counted as (
    select * from {{ ref('int_customer_items_counted') }}
    where last_bought_on >= {{ days_before("scored_on", setting("offer_horizon_days")) }}
),

customers as (
    select * from {{ ref('scored_offer_customers') }}
),

totals as (
    select * from {{ ref('scored_recent_buyers') }}
),

segment_items as (
    select
        counted.scored_on,
        counted.level,
        customers.segment_key,
        counted.item,
        count(*) as recent_buyers
    from counted
    inner join customers
        on
            counted.scored_on = customers.scored_on
            and counted.customer_id = customers.customer_id
    group by counted.scored_on, counted.level, customers.segment_key, counted.item
),

measured as (
    select
        items.scored_on,
        items.level,
        totals.segment_key,
        items.item,
        items.product_type,
        items.is_candidate,
        items.recent_place,
        {{ share_of("items.recent_buyers", "totals.all_buyers") }} as recent_share,
        coalesce(segment_items.recent_buyers, 0) as segment_recent_buyers,
        totals.buyers as segment_buyers
    from items
    inner join totals on items.scored_on = totals.scored_on
    left join segment_items
        on
            items.scored_on = segment_items.scored_on
            and items.level = segment_items.level
            and items.item = segment_items.item
            and totals.segment_key = segment_items.segment_key
),

-- Ties of a segment are settled by everybody's taste.
shared as (
    select
        *,
        round(
            (segment_recent_buyers + {{ prior_buyers }} * recent_share)
            / (segment_buyers + {{ prior_buyers }}),
            9
        ) as segment_share
    from measured
)

select
    scored_on,
    level,
    segment_key,
    item,
    product_type,
    is_candidate,
    round(recent_share, 9) as recent_share,
    segment_share,
    recent_place,
    row_number() over (
        partition by scored_on, level, segment_key
        order by segment_share desc, recent_place asc
    ) as segment_place
from shared
