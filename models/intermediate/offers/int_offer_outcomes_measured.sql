with dates as (
    select * from {{ ref('int_offer_dates_resolved') }}
    where not is_current
),

product_days as (
    select * from {{ ref('int_customer_product_days_aggregated') }}
),

counted as (
    select * from {{ ref('int_customer_items_counted') }}
),

items as (
    select * from {{ ref('int_offer_items_counted') }}
    where is_known
),

-- Whoever had not bought before has no list to be proved.
customers as (
    select distinct
        scored_on,
        customer_id
    from counted
),

days_after as (
    select
        customers.scored_on,
        product_days.customer_id,
        product_days.product_id,
        product_days.product_type
    from dates
    inner join customers on dates.scored_on = customers.scored_on
    inner join product_days
        on
            customers.customer_id = product_days.customer_id
            and dates.scored_on <= product_days.active_on
            and product_days.active_on
            < {{ days_before("dates.scored_on", -1 * setting("offer_horizon_days")) }}
),

bought_after as (
    select distinct
        scored_on,
        'product' as level,
        customer_id,
        product_id as item
    from days_after
    union all
    select distinct
        scored_on,
        'product_type' as level,
        customer_id,
        product_type as item
    from days_after
    where product_type is not null
),

outcomes as (
    select
        bought_after.scored_on,
        bought_after.level,
        bought_after.customer_id,
        bought_after.item,
        counted.item is null as is_new
    from bought_after
    inner join items
        on
            bought_after.scored_on = items.scored_on
            and bought_after.level = items.level
            and bought_after.item = items.item
    left join counted
        on
            bought_after.scored_on = counted.scored_on
            and bought_after.level = counted.level
            and bought_after.customer_id = counted.customer_id
            and bought_after.item = counted.item
)

-- Who buys nothing new cannot be offered it; a rebuy is judged by all that was bought.
select
    scored_on,
    level,
    'new' as purpose,
    customer_id,
    item
from outcomes
where is_new
union all
select
    scored_on,
    level,
    'reorder' as purpose,
    customer_id,
    item
from outcomes
