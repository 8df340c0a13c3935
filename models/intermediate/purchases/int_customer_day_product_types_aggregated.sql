with lines as (
    select * from {{ ref('input_transactions') }}
),

products as (
    select * from {{ ref('input_products') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

described_lines as (
    select
        lines.*,
        coalesce(identified.customer_id, lines.customer_id) as surviving_customer_id,
        coalesce(products.department, 'unknown') as department,
        coalesce(products.category, 'unknown') as category,
        coalesce(products.product_type, 'unknown') as product_type,
        {{ is_in_list("products.brand", setting("private_label_brands")) }}
            as is_private_label,
        {{ counted_units("lines.quantity", "products.department") }} as unit_count
    from lines
    left join products on lines.product_id = products.product_id
    left join identified on lines.customer_id = identified.source_customer_id
),

customer_day_product_types as (
    select
        surviving_customer_id as customer_id,
        department,
        category,
        product_type,
        sum(case when transaction_type = 'sale' then 1 else 0 end) as sale_line_count,
        sum(
            case
                when transaction_type = 'sale' and discount_amount > 0 then 1 else 0
            end
        ) as discounted_line_count,
        sum(case when transaction_type = 'sale' then unit_count end) as unit_count,
        {{ as_amount("sum(net_amount)") }} as net_amount,
        {{ as_amount("sum(case when transaction_type = 'sale' then net_amount else 0 end)") }}
            as sale_amount,
        -- What was paid where a price per unit can be told.
        {{ as_amount(
            "sum(case when transaction_type = 'sale' and unit_count > 0 "
            "then net_amount else 0 end)"
        ) }} as counted_amount,
        {{ as_amount(
            "sum(case when transaction_type = 'sale' and is_private_label "
            "then net_amount else 0 end)"
        ) }} as private_label_amount,
        occurred_on as active_on
    from described_lines
    group by surviving_customer_id, occurred_on, department, category, product_type
)

select * from customer_day_product_types
