with customers as (
    select * from {{ ref('scored_offer_customers') }}
),

counted as (
    select * from {{ ref('int_customer_items_counted') }}
),

items as (
    select * from {{ ref('int_offer_items_counted') }}
),

barred as (
    select * from {{ ref('scored_barred_offers') }}
),

measured as (
    select
        counted.scored_on,
        customers.is_current,
        counted.level,
        counted.customer_id,
        customers.segment_key,
        counted.item,
        counted.product_type,
        counted.purchase_days,
        items.recent_place,
        {{ dbt.datediff("counted.last_bought_on", "counted.scored_on", "day") }}
            as days_since_last,
        {{ share_of(
            dbt.datediff("counted.first_bought_on", "counted.last_bought_on", "day"),
            "counted.purchase_days - 1",
        ) }} as mean_interval_days
    from customers
    inner join counted
        on
            customers.scored_on = counted.scored_on
            and customers.customer_id = counted.customer_id
            and (
                not customers.is_current
                or counted.level = '{{ setting("offer_level") }}'
            )
    inner join items
        on
            counted.scored_on = items.scored_on
            and counted.level = items.level
            and counted.item = items.item
            -- The backtest judges what it can: items that enough others bought.
            and (customers.is_current or items.is_known)
            and items.is_reorderable
    left join barred
        on
            counted.scored_on = barred.scored_on
            and counted.level = barred.level
            and counted.customer_id = barred.customer_id
            and counted.item = barred.item
    where barred.customer_id is null
)

select * from measured
