-- Of guests with an open booking nobody knows yet.
with bookings as (
    select
        *,
        max(case when status = 'open' then 1 else 0 end) over (
            partition by guest_id
        ) = 1 as has_open_booking,
        row_number() over (
            partition by guest_id order by departs_on desc, booking_id desc
        ) as booking_rank
    from {{ ref('travel_bookings') }}
    where guest_id <> ''
),

decided as (
    select
        guest_id,
        booking_id,
        status,
        case when status = 'cancelled' then cancelled_on else departs_on end as decided_on
    from bookings
    where booking_rank = 1 and not has_open_booking
),

renamed as (
    select
        guest_id as customer_id,
        'cancelled' as outcome,
        status = 'cancelled' as value,
        {{ utc_time(text_as('decided_on', 'timestamp')) }} as occurred_at,
        {{ unreadable_texts({"occurred_at": ["decided_on", "timestamp"]}) }}
            as unreadable_columns,
        {{ row_as_json('decided') }} as source_row
    from decided
)

select * from renamed
