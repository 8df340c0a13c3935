with transactions as (
    select * from {{ source('complete_journey', 'transactions') }}
),

renamed as (
    select
        cast(basket_id as string)
        || '-'
        || cast(product_id as string) as transaction_id,
        cast(basket_id as string) as order_id,
        cast(household_id as string) as customer_id,
        cast(product_id as string) as product_id,
        'sale' as transaction_type,
        'USD' as currency_code,
        'store' as channel,
        cast(store_id as string) as location_id,
        try_cast(quantity as double) as quantity,
        {{ complete_journey_amount('sales_value') }}
        + {{ complete_journey_discount() }} as gross_amount,
        {{ complete_journey_discount() }} as discount_amount,
        {{ complete_journey_amount('sales_value') }} as net_amount,
        cast(null as decimal(18, 2)) as cost_amount,
        {{ complete_journey_amount('coupon_disc') }} as third_party_funded_amount,
        try_cast(transaction_timestamp as timestamp) as occurred_at,
        {{ unreadable_columns({
            "occurred_at": ["transaction_timestamp", "try_cast(transaction_timestamp as timestamp)"],
            "quantity": ["quantity", "try_cast(quantity as double)"],
            "net_amount": ["sales_value", "try_cast(sales_value as decimal(18, 2))"],
        }) }} as unreadable_columns,
        {{ row_as_json('transactions') }} as source_row
    from transactions
)

select * from renamed
