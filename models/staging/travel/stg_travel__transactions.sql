{#- Revenue is booked at departure, as finance does: a booking that is still open is none. -#}
{#- Each line: its seed, id, type, and what else it holds than the booking it hangs on. -#}
{%- set nothing = "cast(null as string)" -%}
{%- set lines = [
    {"seed": "travel_bookings", "id": "nullif(entries.booking_id, '') || '-package'",
        "condition": "entries.status = 'taken'", "guest": "entries.guest_id",
        "product": "entries.product_id", "quantity": "entries.nights", "gross": "entries.price",
        "discount": "entries.discount", "net": "entries.paid", "cost": "entries.cost",
        "booked_on": "entries.departs_on"},
    {"seed": "travel_extras",
        "id": "nullif(entries.booking_id, '') || '-' || nullif(entries.product_id, '')",
        "guest": "bookings.guest_id", "product": "entries.product_id",
        "quantity": "entries.quantity", "cost": nothing, "booked_on": "bookings.departs_on"},
    {"seed": "travel_cancellation_fees", "id": "nullif(entries.booking_id, '') || '-fee'",
        "order": "entries.booking_id || '-fee'", "product": "'F01'",
        "booked_on": "entries.charged_on"},
    {"seed": "travel_refunds", "id": "nullif(entries.refund_id, '')", "type": "return",
        "quantity": nothing, "booked_on": "entries.refunded_on"},
] -%}

-- A booking that came twice must not double what hangs on it.
with bookings as (
    select distinct
        booking_id,
        guest_id,
        product_id,
        channel,
        departs_on
    from {{ ref('travel_bookings') }}
    where booking_id <> ''
),

all_lines as (
    {%- for line in lines %}
    select
        {{ line.id }} as transaction_id,
        {{ line.order or "entries.booking_id" }} as order_id,
        {{ line.guest or "entries.guest_id" }} as guest_id,
        {{ line.product or "bookings.product_id" }} as product_id,
        '{{ line.type or "sale" }}' as transaction_type,
        {{ "entries" if line.condition else "bookings" }}.channel,
        {{ line.quantity or "'1'" }} as quantity,
        {{ line.gross or "entries.amount" }} as gross_amount,
        {{ line.discount or "'0'" }} as discount_amount,
        {{ line.net or "entries.amount" }} as net_amount,
        {{ line.cost or "'0'" }} as cost_amount,
        {{ line.booked_on }} as booked_on
    from {{ ref(line.seed) }} as entries
    {{ "where " ~ line.condition if line.condition
        else "left join bookings on entries.booking_id = bookings.booking_id" }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
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
