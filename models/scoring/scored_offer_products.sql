{#- Products of a type that are looked at, the most popular of the segment first. -#}
{%- set popular_products = 10 -%}

with shortlists as (
    select * from {{ ref('scored_offer_shortlists') }}
),

popular as (
    select
        scored_on,
        segment_key,
        product_type,
        item,
        row_number() over (
            partition by scored_on, segment_key, product_type
            order by segment_place
        ) as popularity_rank
    from {{ ref('scored_offer_popularity') }}
    where level = 'product'
),

own as (
    select counted.*
    from {{ ref('int_customer_items_counted') }} as counted
    inner join {{ ref('int_offer_items_counted') }} as items
        on
            counted.scored_on = items.scored_on
            and counted.level = items.level
            and counted.item = items.item
    where counted.level = 'product'
),

-- What the customer keeps buying goes before what others like.
options as (
    select
        shortlists.purpose,
        shortlists.customer_id,
        shortlists.item,
        own.item as product_id,
        own.purchase_days,
        cast(null as bigint) as popularity_rank,
        own.last_bought_on
    from shortlists
    inner join own
        on
            shortlists.as_of_date = own.scored_on
            and shortlists.customer_id = own.customer_id
            and shortlists.item = own.product_type
    where shortlists.level = 'product_type'
    union all
    select
        shortlists.purpose,
        shortlists.customer_id,
        shortlists.item,
        popular.item as product_id,
        0 as purchase_days,
        popular.popularity_rank,
        cast(null as date) as last_bought_on
    from shortlists
    inner join popular
        on
            shortlists.as_of_date = popular.scored_on
            and shortlists.segment_key = popular.segment_key
            and shortlists.item = popular.product_type
            and popular.popularity_rank <= {{ popular_products }}
    where shortlists.level = 'product_type'
    union all
    select
        purpose,
        customer_id,
        item,
        item as product_id,
        0 as purchase_days,
        cast(null as bigint) as popularity_rank,
        cast(null as date) as last_bought_on
    from shortlists
    where level = 'product'
)

select
    purpose,
    customer_id,
    item,
    product_id,
    popularity_rank,
    purchase_days,
    last_bought_on
from options
