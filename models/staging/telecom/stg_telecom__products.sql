with catalogue as (
    select * from {{ ref('telecom_catalogue') }}
),

renamed as (
    select
        nullif(item, '') as product_id,
        item_name as product_name,
        department,
        category,
        product_type,
        'Nordlicht Mobil' as brand,
        -- Use is billed as it comes; only tariffs and options can be taken out.
        case when kind = 'use' then 'product' else 'tariff' end as offer_type,
        {{ text_as('price', 'decimal(18, 2)') }} as unit_price,
        cast(null as decimal(18, 2)) as unit_cost,
        {{ text_as('is_sold', 'boolean') }} as is_active,
        {{ unreadable_texts({
            "unit_price": ["price", "decimal(18, 2)"],
            "is_active": ["is_sold", "boolean"],
        }) }} as unreadable_columns,
        {{ row_as_json('catalogue') }} as source_row
    from catalogue
)

select * from renamed
