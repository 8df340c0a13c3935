with products as (
    select * from {{ ref('banking_products') }}
),

renamed as (
    select
        nullif(product_id, '') as product_id,
        product_name,
        department,
        category,
        product_type,
        cast(null as string) as brand,
        offer_type,
        {{ text_as('unit_price', 'decimal(18, 2)') }} as unit_price,
        cast(null as decimal(18, 2)) as unit_cost,
        {{ text_as('is_active', 'boolean') }} as is_active,
        {{ unreadable_texts({
            "unit_price": ["unit_price", "decimal(18, 2)"],
            "is_active": ["is_active", "boolean"],
        }) }} as unreadable_columns,
        {{ row_as_json('products') }} as source_row
    from products
)

select * from renamed
