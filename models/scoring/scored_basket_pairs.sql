with basket_categories as (
    select * from {{ ref('scored_basket_categories') }}
),

segments as (
    select distinct
        segmentation,
        segment_key,
        segment_number
    from basket_categories
),

candidates as (
    select distinct
        category,
        category_number
    from basket_categories
),

listed as (
    select
        listed.order_number,
        listed.buyer_number,
        candidates.category_number,
        listed.ordered_on
    from {{ ref('int_order_categories_listed') }} as listed
    inner join candidates on listed.category = candidates.category
),

-- By customer first: a customer is in every segmentation.
buyer_pairs as (
    select
        left_side.buyer_number,
        left_side.category_number as left_number,
        right_side.category_number as right_number,
        count(*) as orders
    from listed as left_side
    inner join listed as right_side
        on
            left_side.order_number = right_side.order_number
            and left_side.ordered_on = right_side.ordered_on
            and left_side.buyer_number = right_side.buyer_number
            and left_side.category_number < right_side.category_number
    group by
        left_side.buyer_number,
        left_side.category_number,
        right_side.category_number
),

buyers as (
    select distinct
        customer_id,
        random_group,
        buyer_number
    from {{ ref('int_order_categories_listed') }}
),

placed_buyers as (
    {{ in_current_segments("buyers") }}
),

placed as (
    select
        placed_buyers.random_group,
        placed_buyers.buyer_number,
        segments.segment_number
    from placed_buyers
    inner join segments
        on
            placed_buyers.segmentation = segments.segmentation
            and placed_buyers.segment_key = segments.segment_key
),

pairs as (
    select
        placed.segment_number,
        buyer_pairs.left_number,
        buyer_pairs.right_number,
        placed.random_group,
        sum(buyer_pairs.orders) as orders
    from buyer_pairs
    inner join placed on buyer_pairs.buyer_number = placed.buyer_number
    group by
        placed.segment_number,
        buyer_pairs.left_number,
        buyer_pairs.right_number,
        placed.random_group
)

select * from pairs
