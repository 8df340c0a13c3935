with orders as (
    select * from {{ ref('int_orders_aggregated') }}
),

touches as (
    select * from {{ ref('int_marketing_costs_dated') }}
    where cost_type = 'contact'
),

touched as (
    select
        orders.order_id,
        orders.customer_id,
        orders.ordered_on,
        touches.campaign_id,
        orders.net_amount as attributed_revenue_amount,
        orders.cost_amount as attributed_cost_amount,
        orders.discount_amount as attributed_discount_amount,
        row_number() over (
            partition by orders.order_id, orders.customer_id, orders.ordered_on
            order by touches.cost_on desc, touches.campaign_id
        ) as touch_rank
    from orders
    inner join touches
        on
            orders.customer_id = touches.customer_id
            and orders.ordered_on >= touches.cost_on
            and touches.cost_on > {{ days_before("orders.ordered_on", 28) }}
)

select
    order_id,
    customer_id,
    campaign_id,
    attributed_revenue_amount,
    attributed_cost_amount,
    attributed_discount_amount,
    ordered_on
from touched
where touch_rank = 1
