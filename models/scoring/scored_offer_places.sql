with counted as (
    select * from {{ ref('int_customer_items_counted') }}
    where
        level = 'product_type'
        and {{ is_within("last_bought_on", "scored_on", setting("offer_history_days")) }}
),

weights as (
    select * from {{ ref('ml_active_offer_weights') }}
),

others as (
    select
        scored_on,
        other_item,
        row_number() over (partition by scored_on order by other_item) as place
    from weights
    group by scored_on, other_item
),

-- Where in the arrays of weights stands what a customer has bought.
held as (
    select
        counted.scored_on,
        counted.customer_id,
        {{ ordered_array("others.place", "others.place") }} as places
    from counted
    inner join others
        on counted.scored_on = others.scored_on and counted.item = others.other_item
    group by counted.scored_on, counted.customer_id
)

select * from held
