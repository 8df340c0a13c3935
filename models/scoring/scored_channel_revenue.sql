with orders as (
    select
        orders.*,
        {{ first_day_of_month("orders.ordered_on") }} as month_on
    from {{ ref('int_orders_aggregated') }} as orders
    inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates
        on orders.ordered_on < as_of_dates.as_of_date and as_of_dates.is_current
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_available
),

customers as (
    select * from {{ ref('int_customers_described') }}
),

-- Summed before segmentations multiply the rows.
sold as (
    select
        customer_id,
        coalesce(channel, 'not known') as sales_channel,
        count(*) as orders,
        sum(discount_amount) as discount_amount,
        sum(net_amount) as net_revenue_amount,
        sum(cost_amount) as cost_amount,
        month_on
    from orders
    group by customer_id, coalesce(channel, 'not known'), month_on
),

placed as (
    select
        memberships.segmentation,
        memberships.segment_key,
        sold.*
    from sold
    inner join memberships
        on sold.customer_id = memberships.customer_id and sold.month_on = memberships.month_on

    union all

    select
        models.segmentation,
        'guest' as segment_key,
        sold.*
    from sold
    cross join models
    where sold.customer_id is null
)

select
    placed.segmentation,
    placed.segment_key,
    placed.sales_channel,
    coalesce(customers.region, 'not known') as region,
    sum(placed.orders) as orders,
    sum(placed.discount_amount) as discount_amount,
    sum(placed.net_revenue_amount) as net_revenue_amount,
    sum(placed.cost_amount) as cost_amount,
    placed.month_on
from placed
left join customers on placed.customer_id = customers.customer_id
group by
    placed.segmentation,
    placed.segment_key,
    placed.sales_channel,
    coalesce(customers.region, 'not known'),
    placed.month_on
