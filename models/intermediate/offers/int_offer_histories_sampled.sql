with counted as (
    select * from {{ ref('int_customer_items_counted') }}
    where {{ is_within("last_bought_on", "scored_on", setting("offer_history_days")) }}
),

items as (
    select * from {{ ref('int_offer_items_counted') }}
    where is_in_model
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
            counted.scored_on = items.scored_on
            and counted.level = items.level
            and counted.item = items.item
    inner join sample on counted.customer_id = sample.customer_id
)

select * from histories
