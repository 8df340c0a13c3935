with basket_orders as (
    select * from {{ ref('scored_basket_orders') }}
    where category is not null
),

summed as (
    select
        segmentation,
        segment_key,
        category,
        sum(orders) as orders
    from basket_orders
    group by segmentation, segment_key, category
),

ranked as (
    select
        *,
        row_number() over (
            partition by segmentation, segment_key
            order by orders desc, category asc
        ) as order_rank
    from summed
),

-- Pairs are counted by number: texts would take three times as long.
numbered as (
    select
        segmentation,
        segment_key,
        category,
        cast(dense_rank() over (order by segmentation, segment_key) as integer)
            as segment_number,
        cast(dense_rank() over (order by category) as integer) as category_number,
        orders
    from ranked
    where order_rank <= {{ setting("basket_categories") }}
)

select * from numbered
