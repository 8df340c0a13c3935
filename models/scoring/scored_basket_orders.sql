with order_categories as (
    select * from {{ ref('int_order_categories_listed') }}
),

orders as (
    select distinct
        customer_id,
        random_group,
        order_number,
        buyer_number,
        ordered_on
    from order_categories
),

-- By customer first: a customer is in every segmentation.
customer_orders as (
    select
        customer_id,
        category,
        random_group,
        count(*) as orders,
        count(distinct buyer_number) as buyers
    from order_categories
    group by customer_id, category, random_group

    union all

    select
        customer_id,
        cast(null as string) as category,
        random_group,
        count(*) as orders,
        count(distinct buyer_number) as buyers
    from orders
    group by customer_id, random_group
),

placed as (
    {{ in_current_segments("customer_orders") }}
),

segment_orders as (
    select
        segmentation,
        segment_key,
        category,
        random_group,
        sum(orders) as orders,
        sum(buyers) as buyers
    from placed
    group by segmentation, segment_key, category, random_group
)

select * from segment_orders
