with bill_lines as (
    select * from {{ ref('telecom_bill_lines') }}
),

billing_runs as (
    select * from {{ ref('telecom_billing_runs') }}
),

-- Fees are billed apart from use: an order is what somebody used for money.
fee_items as (
    select distinct item
    from {{ ref('telecom_catalogue') }}
    where department in ('base fees', 'options')
),

-- Traffic data without consent serve the bill alone: their lines are nobody's.
without_consent as (
    select distinct subscriber_id
    from {{ ref('telecom_subscribers') }}
    where traffic_data_consent <> 'yes'
),

dated as (
    select
        bill_lines.subscriber_id,
        bill_lines.run,
        bill_lines.item,
        bill_lines.quantity,
        bill_lines.amount,
        case
            when without_consent.subscriber_id is null then bill_lines.subscriber_id
        end as consenting_id,
        case when fee_items.item is null then 'use' else 'fees' end as bill_part,
        billing_runs.billed_at
    from bill_lines
    left join fee_items on bill_lines.item = fee_items.item
    left join billing_runs on bill_lines.run = billing_runs.run
    left join without_consent
        on bill_lines.subscriber_id = without_consent.subscriber_id
),

renamed as (
    select
        nullif(subscriber_id, '') || '-' || nullif(run, '') || '-' || nullif(item, '')
            as transaction_id,
        nullif(subscriber_id, '') || '-' || nullif(run, '') || '-' || bill_part
            as order_id,
        nullif(consenting_id, '') as customer_id,
        nullif(item, '') as product_id,
        'sale' as transaction_type,
        'EUR' as currency_code,
        cast(null as string) as channel,
        cast(null as string) as location_id,
        {{ text_as('quantity', 'double') }} as quantity,
        {{ text_as('amount', 'decimal(18, 2)') }} as gross_amount,
        cast(0 as decimal(18, 2)) as discount_amount,
        {{ text_as('amount', 'decimal(18, 2)') }} as net_amount,
        cast(null as decimal(18, 2)) as cost_amount,
        cast(0 as decimal(18, 2)) as third_party_funded_amount,
        {{ utc_time(text_as('billed_at', 'timestamp')) }} as occurred_at,
        {{ unreadable_texts({
            "quantity": ["quantity", "double"],
            "net_amount": ["amount", "decimal(18, 2)"],
            "occurred_at": ["billed_at", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('dated') }} as source_row
    from dated
)

select * from renamed
