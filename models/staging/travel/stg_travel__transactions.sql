{#- Revenue is booked at departure, as finance does: a booking that is still open is none. -#}
with trips as (
    select * from {{ ref('travel_bookings') }}
    where status = 'taken'
),

-- A booking that came twice must not double what hangs on it.
bookings as (
    select distinct
        booking_id,
        guest_id,
        product_id,
        channel,
        departs_on
    from {{ ref('travel_bookings') }}
    where booking_id <> ''
),

extras as (
    select * from {{ ref('travel_extras') }}
),

fees as (
    select * from {{ ref('travel_cancellation_fees') }}
),

refunds as (
    select * from {{ ref('travel_refunds') }}
),

all_lines as (
    select
        nullif(booking_id, '') || '-package' as transaction_id,
        booking_id as order_id,
        guest_id,
        product_id,
        'sale' as transaction_type,
        channel,
        nights as quantity,
        price as gross_amount,
        discount as discount_amount,
        paid as net_amount,
        cost as cost_amount,
        departs_on as booked_on
    from trips
    union all
    select
        nullif(extras.booking_id, '') || '-' || nullif(extras.product_id, '') as transaction_id,
        extras.booking_id as order_id,
        bookings.guest_id,
        extras.product_id,
        'sale' as transaction_type,
        bookings.channel,
        extras.quantity,
        extras.amount as gross_amount,
        '0' as discount_amount,
        extras.amount as net_amount,
        cast(null as string) as cost_amount,
        bookings.departs_on as booked_on
    from extras
    left join bookings on extras.booking_id = bookings.booking_id
    union all
    select
        nullif(fees.booking_id, '') || '-fee' as transaction_id,
        fees.booking_id || '-fee' as order_id,
        fees.guest_id,
        'F01' as product_id,
        'sale' as transaction_type,
        bookings.channel,
        '1' as quantity,
        fees.amount as gross_amount,
        '0' as discount_amount,
        fees.amount as net_amount,
        '0' as cost_amount,
        fees.charged_on as booked_on
    from fees
    left join bookings on fees.booking_id = bookings.booking_id
    union all
    select
        nullif(refunds.refund_id, '') as transaction_id,
        refunds.booking_id as order_id,
        refunds.guest_id,
        bookings.product_id,
        'return' as transaction_type,
        bookings.channel,
        cast(null as string) as quantity,
        refunds.amount as gross_amount,
        '0' as discount_amount,
        refunds.amount as net_amount,
        '0' as cost_amount,
        refunds.refunded_on as booked_on
    from refunds
    left join bookings on refunds.booking_id = bookings.booking_id
),

renamed as (
    select
        transaction_id,
        nullif(order_id, '') as order_id,
        nullif(guest_id, '') as customer_id,
        nullif(product_id, '') as product_id,
        transaction_type,
        'EUR' as currency_code,
        channel,
        cast(null as string) as location_id,
        {{ text_as('quantity', 'double') }} as quantity,
        {{ text_as('gross_amount', 'decimal(18, 2)') }} as gross_amount,
        {{ text_as('discount_amount', 'decimal(18, 2)') }} as discount_amount,
        {{ text_as('net_amount', 'decimal(18, 2)') }} as net_amount,
        {{ text_as('cost_amount', 'decimal(18, 2)') }} as cost_amount,
        cast(0 as decimal(18, 2)) as third_party_funded_amount,
        {{ utc_time(text_as('booked_on', 'timestamp')) }} as occurred_at,
        {{ unreadable_texts({
            "quantity": ["quantity", "double"],
            "gross_amount": ["gross_amount", "decimal(18, 2)"],
            "discount_amount": ["discount_amount", "decimal(18, 2)"],
            "net_amount": ["net_amount", "decimal(18, 2)"],
            "cost_amount": ["cost_amount", "decimal(18, 2)"],
            "occurred_at": ["booked_on", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('all_lines') }} as source_row
    from all_lines
)

select * from renamed
