{%- set minimum_buyers = setting("offer_minimum_buyers") -%}
{%- set lately = days_before("scored_on", setting("offer_horizon_days")) -%}

with counted as (
    select * from {{ ref('int_customer_items_counted') }}
),

products as (
    select * from {{ ref('int_offer_products_described') }}
    where is_active
),

active_items as (
    select
        scored_on,
        'product' as level,
        product_id as item,
        is_automatic,
        is_offered
    from products
    union all
    select
        scored_on,
        'product_type' as level,
        product_type as item,
        min(case when is_automatic then 1 else 0 end) = 1 as is_automatic,
        max(case when is_offered then 1 else 0 end) = 1 as is_offered
    from products
    where product_type is not null
    group by scored_on, product_type
),

bought as (
    select
        scored_on,
        level,
        item,
        product_type,
        count(*) as buyers,
        count(case when last_bought_on >= {{ lately }} then 1 end) as recent_buyers,
        sum(purchase_days) as purchase_days
    from counted
    group by scored_on, level, item, product_type
),

judged as (
    select
        bought.*,
        active_items.is_automatic,
        active_items.is_offered,
        bought.buyers >= {{ minimum_buyers }} as is_frequent,
        active_items.is_offered and bought.buyers >= {{ minimum_buyers }} as is_known,
        round(
            {{ share_of(
                "bought.purchase_days",
                "sum(bought.purchase_days) over "
                "(partition by bought.scored_on, bought.level, active_items.is_offered)",
            ) }},
            9
        ) as purchase_share
    from bought
    inner join active_items
        on
            bought.scored_on = active_items.scored_on
            and bought.level = active_items.level
            and bought.item = active_items.item
),

ranked as (
    select
        *,
        row_number() over (
            partition by scored_on, level, is_frequent order by buyers desc, item asc
        ) as buyer_rank,
        row_number() over (
            partition by scored_on, level, is_known
            order by recent_buyers desc, buyers desc, item asc
        ) as known_rank,
        row_number() over (
            partition by scored_on, level, is_offered
            order by recent_buyers desc, buyers desc, item asc
        ) as recent_place
    from judged
)

select
    scored_on,
    level,
    item,
    product_type,
    buyers,
    recent_buyers,
    recent_place,
    purchase_share,
    is_known,
    is_offered and not is_automatic as is_reorderable,
    is_known and known_rank <= {{ setting("offer_candidates") }} as is_candidate,
    level = 'product_type' and is_frequent
    and buyer_rank <= {{ setting("offer_model_items") }} as is_in_model
from ranked
