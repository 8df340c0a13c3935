{#- Random groups of int_order_categories_listed. -#}
{%- set random_groups = 16 -%}

with lifts as (
    select * from {{ ref('scored_basket_lifts') }}
),

pairs as (
    select * from {{ ref('scored_basket_pairs') }}
),

categories as (
    select * from {{ ref('scored_basket_categories') }}
),

basket_orders as (
    select * from {{ ref('scored_basket_orders') }}
),

category_orders as (
    select
        categories.segment_number,
        categories.category_number,
        basket_orders.random_group,
        basket_orders.orders
    from basket_orders
    inner join categories
        on
            basket_orders.segmentation = categories.segmentation
            and basket_orders.segment_key = categories.segment_key
            and basket_orders.category = categories.category
),

-- What each group adds to the logarithm of the lift, to first order.
terms as (
    select
        lifts.segment_number,
        lifts.left_number,
        lifts.right_number,
        coalesce({{ share_of("pairs.orders", "lifts.orders") }}, 0)
        - coalesce({{ share_of("left_side.orders", "lifts.left_orders") }}, 0)
        - coalesce({{ share_of("right_side.orders", "lifts.right_orders") }}, 0)
        + {{ share_of("basket_orders.orders", "lifts.segment_orders") }} as term
    from lifts
    inner join basket_orders
        on
            lifts.segmentation = basket_orders.segmentation
            and lifts.segment_key = basket_orders.segment_key
            and basket_orders.category is null
    left join pairs
        on
            lifts.segment_number = pairs.segment_number
            and lifts.left_number = pairs.left_number
            and lifts.right_number = pairs.right_number
            and basket_orders.random_group = pairs.random_group
    left join category_orders as left_side
        on
            lifts.segment_number = left_side.segment_number
            and lifts.left_number = left_side.category_number
            and basket_orders.random_group = left_side.random_group
    left join category_orders as right_side
        on
            lifts.segment_number = right_side.segment_number
            and lifts.right_number = right_side.category_number
            and basket_orders.random_group = right_side.random_group
),

-- Squares are small: without the factor nine places would not hold them.
errors as (
    select
        segment_number,
        left_number,
        right_number,
        round(
            sqrt(
                {{ random_groups }} / {{ random_groups - 1 }}e0
                * {{ exact_sum("1e9 * term * term") }} / 1e9
            ),
            9
        ) as standard_error
    from terms
    group by segment_number, left_number, right_number
)

select * from errors
