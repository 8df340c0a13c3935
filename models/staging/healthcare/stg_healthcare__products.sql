with catalogue as (
    select
        service as product_id,
        name as product_name,
        department,
        category,
        type as product_type,
        'product' as offer_type,
        fee,
        cost
    from {{ ref('healthcare_services') }}
    union all
    -- Only name and type tell the condition: department and category are for everybody.
    select
        plan_id as product_id,
        name as product_name,
        'care plans' as department,
        form as category,
        plan_type as product_type,
        'care_plan' as offer_type,
        fee,
        cost
    from {{ ref('healthcare_care_plans') }}
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
        {{ text_as('fee', 'decimal(18, 2)') }} as unit_price,
        {{ text_as('cost', 'decimal(18, 2)') }} as unit_cost,
        true as is_active,
        {{ unreadable_texts({
            "unit_price": ["fee", "decimal(18, 2)"],
            "unit_cost": ["cost", "decimal(18, 2)"],
        }) }} as unreadable_columns,
        {{ row_as_json('catalogue') }} as source_row
    from catalogue
)

select * from renamed
