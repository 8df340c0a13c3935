with products as (
    select * from {{ source('complete_journey', 'products') }}
),

renamed as (
    select
        cast(product_id as string) as product_id,
        nullif(concat_ws(', ', product_type, package_size), '') as product_name,
        department,
        product_category as category,
        product_type,
        brand,
        'product' as offer_type,
        cast(null as decimal(18, 2)) as unit_price,
        cast(null as decimal(18, 2)) as unit_cost,
        cast(null as boolean) as is_active,
        cast(null as string) as unreadable_columns,
        {{ row_as_json('products') }} as source_row
    from products
)

select * from renamed
