with counted as (
    select * from {{ ref('int_customer_items_counted') }}
    where last_bought_on >= {{ days_before("scored_on", setting("offer_horizon_days")) }}
),

customers as (
    select * from {{ ref('scored_offer_customers') }}
),

recent_customers as (
    select distinct
        scored_on,
        customer_id
    from counted
),

segment_buyers as (
    select
        customers.scored_on,
        customers.segment_key,
        count(recent_customers.customer_id) as buyers
    from customers
    left join recent_customers
        on
            customers.scored_on = recent_customers.scored_on
            and customers.customer_id = recent_customers.customer_id
    group by customers.scored_on, customers.segment_key
)

select
    scored_on,
    segment_key,
    buyers,
    sum(buyers) over (partition by scored_on) as all_buyers
from segment_buyers
