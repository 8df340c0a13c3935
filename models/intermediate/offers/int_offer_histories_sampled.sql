with counted as (
    select * from {{ ref('int_customer_items_counted') }}
    where {{ is_within("last_bought_on", "scored_on", setting("offer_history_days")) }}
),

-- What an industry never offers still tells what its customers like.
telling_types as (
    select distinct products.product_type
    from {{ ref('input_products') }} as products
    inner join {{ ref('int_offer_rules_matched') }} as matched
        on products.product_id = matched.product_id
    inner join {{ ref('offer_rules') }} as rules
        on matched.rule = rules.rule
    where
        rules.condition = 'never'
        and rules.industry = '{{ setting("industry") }}'
),

telling_items as (
    select
        counted.scored_on,
        counted.item
    from {{ ref('int_customer_items_counted') }} as counted
    inner join telling_types on counted.item = telling_types.product_type
    where counted.level = 'product_type'
    group by counted.scored_on, counted.item
    having count(*) >= {{ setting("offer_minimum_buyers") }}
),

items as (
    select
        scored_on,
        item,
        is_candidate
    from {{ ref('int_offer_items_counted') }}
    where is_in_model
    union all
    select
        scored_on,
        item,
        false as is_candidate
    from telling_items
),

sample as (
    select * from {{ ref('int_offer_sample_drawn') }}
),

histories as (
    select
        counted.scored_on,
        counted.customer_id,
        counted.item,
        items.is_candidate,
        counted.first_bought_on
    from counted
    inner join items
        on
            counted.level = 'product_type'
            and counted.scored_on = items.scored_on
            and counted.item = items.item
    inner join sample on counted.customer_id = sample.customer_id
)

select * from histories
