with lines as (
    select * from {{ ref('input_transactions') }}
    where
        transaction_type = 'sale'
        and customer_id is not null
        and product_id is not null
),

products as (
    select * from {{ ref('input_products') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

product_days as (
    select
        coalesce(identified.customer_id, lines.customer_id) as customer_id,
        lines.product_id,
        products.product_type,
        lines.occurred_on as active_on
    from lines
    left join products on lines.product_id = products.product_id
    left join identified on lines.customer_id = identified.source_customer_id
    group by
        coalesce(identified.customer_id, lines.customer_id),
        lines.product_id,
        products.product_type,
        lines.occurred_on
    -- What was given away tells nothing of what is wanted.
    having sum(lines.net_amount) > 0
)

select * from product_days
