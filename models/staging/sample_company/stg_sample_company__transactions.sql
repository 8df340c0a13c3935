with lines as (
    select * from {{ ref('sample_shop_lines') }}
),

orders as (
    select * from {{ ref('sample_shop_orders') }}
),

returns as (
    select * from {{ ref('sample_shop_returns') }}
),

sales as (
    select
        nullif(lines.order_id, '') || '-' || nullif(lines.line_number, '')
            as transaction_id,
        lines.order_id,
        orders.shop_id,
        lines.product_id,
        'sale' as transaction_type,
        orders.currency_code,
        orders.channel,
        orders.store_id,
        lines.quantity,
        lines.gross_amount,
        lines.discount_amount,
        lines.net_amount,
        lines.cost_amount,
        orders.ordered_at as occurred_at
    from lines
    left join orders on lines.order_id = orders.order_id
),

all_lines as (
    select * from sales
    union all
    select
        nullif(return_id, '') as transaction_id,
        coalesce(nullif(order_id, ''), return_id) as order_id,
        shop_id,
        product_id,
        'return' as transaction_type,
        currency_code,
        case when nullif(store_id, '') is not null then 'store' else 'web' end as channel,
        store_id,
        quantity,
        gross_amount,
        discount_amount,
        net_amount,
        cost_amount,
        returned_at as occurred_at
    from returns
),

renamed as (
    select
        transaction_id,
        nullif(order_id, '') as order_id,
        'shop:' || nullif(shop_id, '') as customer_id,
        nullif(product_id, '') as product_id,
        transaction_type,
        nullif(currency_code, '') as currency_code,
        channel,
        nullif(store_id, '') as location_id,
        {{ text_as('quantity', 'double') }} as quantity,
        {{ text_as('gross_amount', 'decimal(18, 2)') }} as gross_amount,
        {{ text_as('discount_amount', 'decimal(18, 2)') }} as discount_amount,
        {{ text_as('net_amount', 'decimal(18, 2)') }} as net_amount,
        {{ text_as('cost_amount', 'decimal(18, 2)') }} as cost_amount,
        cast(0 as decimal(18, 2)) as third_party_funded_amount,
        {{ text_as('occurred_at', 'timestamp') }} as occurred_at,
        {{ unreadable_texts({
            "quantity": ["quantity", "double"],
            "gross_amount": ["gross_amount", "decimal(18, 2)"],
            "discount_amount": ["discount_amount", "decimal(18, 2)"],
            "net_amount": ["net_amount", "decimal(18, 2)"],
            "cost_amount": ["cost_amount", "decimal(18, 2)"],
            "occurred_at": ["occurred_at", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('all_lines') }} as source_row
    from all_lines
)

select * from renamed
