{#- Two ledgers: what finance keeps, and the raw rows added up on a path of its own. -#}
with finance_ledger as (
    select * from {{ ref('travel_finance_ledger') }}
),

departures as (
    select
        booking_id,
        min(departs_on) as departs_on
    from {{ ref('travel_bookings') }}
    group by booking_id
),

raw_rows as (
    select
        paid as amount,
        departs_on as booked_on
    from {{ ref('travel_bookings') }}
    where status = 'taken'
    union all
    select
        extras.amount,
        departures.departs_on as booked_on
    from {{ ref('travel_extras') }} as extras
    left join departures on extras.booking_id = departures.booking_id
    union all
    select
        amount,
        charged_on as booked_on
    from {{ ref('travel_cancellation_fees') }}
    union all
    select
        amount,
        refunded_on as booked_on
    from {{ ref('travel_refunds') }}
),

read_rows as (
    select
        {{ text_as('amount', 'decimal(18, 2)') }} as amount,
        {{ first_day_of_month(text_as('booked_on', 'date')) }} as month_on
    from raw_rows
),

ledgers as (
    select
        'source_control' as ledger_kind,
        month_on,
        {{ as_amount("coalesce(sum(amount), 0)") }} as net_revenue_amount,
        cast(null as string) as unreadable_columns
    from read_rows
    group by month_on
    union all
    {{ finance_ledger_rows("finance_ledger") }}
)

select
    *,
    {{ row_as_json('ledgers') }} as source_row
from ledgers
