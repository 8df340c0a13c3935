with customers as (
    select * from {{ ref('input_customers') }}
),

orders as (
    select * from {{ ref('int_orders_aggregated') }}
),

attributes as (
    select * from {{ ref('input_customer_attributes') }}
),

mentions as (
    select
        customer_id,
        registered_on as known_on
    from customers
    union all
    select
        customer_id,
        ordered_on as known_on
    from orders
    union all
    select
        customer_id,
        observed_on as known_on
    from attributes
),

listed as (
    select
        customer_id,
        -- Null where no source dates the customer, who then was always known.
        min(known_on) as known_since_on
    from mentions
    where customer_id is not null
    group by customer_id
)

select * from listed
