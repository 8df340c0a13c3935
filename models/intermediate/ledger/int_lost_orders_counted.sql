with orders as (
    select * from {{ ref('int_orders_aggregated') }}
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

both_sides as (
    select
        customer_id,
        order_id,
        line_count,
        net_amount,
        ordered_on as active_on
    from orders

    union all

    select
        customer_id,
        cast(null as {{ dbt.type_string() }}) as order_id,
        0 as line_count,
        -1 * net_amount as net_amount,
        active_on
    from customer_days
),

-- A join would not meet guests, whose customer is null.
lost_days as (
    select
        sum(line_count) as line_count,
        min(order_id) as first_order_id,
        active_on
    from both_sides
    group by customer_id, active_on
    having sum(net_amount) <> 0
)

select
    cast(sum(line_count) as bigint) as row_count,
    min(first_order_id) as first_order_id,
    {{ first_day_of_month("active_on") }} as month_on
from lost_days
group by {{ first_day_of_month("active_on") }}
