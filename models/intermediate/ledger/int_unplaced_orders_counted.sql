with orders as (
    select * from {{ ref('int_orders_aggregated') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

unplaced as (
    select
        case
            when orders.ordered_on >= as_of_dates.as_of_date then 'after_as_of'
            when orders.customer_id is null then 'guest'
        end as item,
        orders.line_count,
        orders.order_id,
        {{ first_day_of_month("orders.ordered_on") }} as month_on
    from orders
    cross join as_of_dates
)

select
    item,
    cast(sum(line_count) as bigint) as row_count,
    min(order_id) as first_order_id,
    month_on
from unplaced
where item is not null
group by item, month_on
