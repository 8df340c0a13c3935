with rules as (
    select * from {{ ref('offer_rules') }}
    where industry in ('*', '{{ setting("industry") }}')
),

products as (
    select * from {{ ref('input_products') }}
),

matched as (
    select
        rules.rule,
        rules.condition,
        products.product_id,
        products.product_type
    from products
    inner join rules
        on
            coalesce(products.product_id = rules.product_id, rules.product_id is null)
            and coalesce(products.product_type = rules.product_type, rules.product_type is null)
            and coalesce(products.category = rules.category, rules.category is null)
            and coalesce(products.department = rules.department, rules.department is null)
            and coalesce(products.offer_type = rules.offer_type, rules.offer_type is null)
)

select * from matched
