with pairs as (
    select * from {{ ref('scored_basket_pairs') }}
),

categories as (
    select * from {{ ref('scored_basket_categories') }}
),

basket_orders as (
    select * from {{ ref('scored_basket_orders') }}
),

-- Only the first categories of the segment itself.
listed as (
    select
        left_side.segmentation,
        left_side.segment_key,
        left_side.category as left_category,
        right_side.category as right_category,
        pairs.segment_number,
        pairs.left_number,
        pairs.right_number,
        left_side.orders as left_orders,
        right_side.orders as right_orders,
        sum(pairs.orders) as orders
    from pairs
    inner join categories as left_side
        on
            pairs.segment_number = left_side.segment_number
            and pairs.left_number = left_side.category_number
    inner join categories as right_side
        on
            pairs.segment_number = right_side.segment_number
            and pairs.right_number = right_side.category_number
    group by
        left_side.segmentation,
        left_side.segment_key,
        left_side.category,
        right_side.category,
        pairs.segment_number,
        pairs.left_number,
        pairs.right_number,
        left_side.orders,
        right_side.orders
    having sum(pairs.orders) >= {{ setting("minimum_pair_orders") }}
),

totals as (
    select
        segmentation,
        segment_key,
        sum(orders) as segment_orders,
        sum(buyers) as buyers
    from basket_orders
    where category is null
    group by segmentation, segment_key
)

select
    listed.*,
    totals.segment_orders,
    totals.buyers
from listed
inner join totals
    on
        listed.segmentation = totals.segmentation
        and listed.segment_key = totals.segment_key
