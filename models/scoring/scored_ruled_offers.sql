with matched as (
    select * from {{ ref('int_offer_rules_matched') }}
    where condition <> 'never'
),

products as (
    select products.*
    from {{ ref('int_offer_products_described') }} as products
    inner join {{ ref('int_offer_dates_resolved') }} as dates
        on products.scored_on = dates.scored_on and dates.is_current
    where products.is_active
),

type_products as (
    select
        product_type,
        count(*) as products
    from products
    where product_type is not null
    group by product_type
),

ruled_products as (
    select
        matched.rule,
        products.product_id,
        products.product_type
    from matched
    inner join products on matched.product_id = products.product_id
),

-- A product type is bound by a rule that speaks of all its products.
ruled_types as (
    select
        ruled_products.rule,
        ruled_products.product_type
    from ruled_products
    inner join type_products on ruled_products.product_type = type_products.product_type
    group by ruled_products.rule, ruled_products.product_type, type_products.products
    having count(*) = type_products.products
)

select
    rule,
    'product' as level,
    product_id as item
from ruled_products
union all
select
    rule,
    'product_type' as level,
    product_type as item
from ruled_types
