with orders as (
    select * from {{ ref('int_orders_aggregated') }}
),

customer_days as (
    select
        customer_id,
        count(*) as order_count,
        sum(case when sale_amount > 0 then 1 else 0 end) as sale_order_count,
        sum(line_count) as line_count,
        sum(unit_count) as unit_count,
        {{ as_amount("sum(gross_amount)") }} as gross_amount,
        {{ as_amount("sum(discount_amount)") }} as discount_amount,
        {{ as_amount("sum(net_amount)") }} as net_amount,
        {{ as_amount("sum(returns_amount)") }} as returns_amount,
        {{ as_amount("sum(cost_amount)") }} as cost_amount,
        {{ as_amount("sum(product_cost_amount)") }} as product_cost_amount,
        {{ as_amount("sum(assumed_cost_amount)") }} as assumed_cost_amount,
        {{ as_amount("sum(costed_net_amount)") }} as costed_net_amount,
        {{ as_amount("sum(third_party_funded_amount)") }} as third_party_funded_amount,
        ordered_on as active_on
    from orders
    group by customer_id, ordered_on
)

select * from customer_days
