{%- set places = ["product_id", "product_type", "category", "department", "offer_type"] -%}

with rules as (
    select * from {{ ref('offer_rules') }}
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
            {%- for place in places %}
            {{ "and " if not loop.first }}coalesce(rules.{{ place }} = products.{{ place }}, rules.{{ place }} is null)
            {%- endfor %}
)

select * from matched
