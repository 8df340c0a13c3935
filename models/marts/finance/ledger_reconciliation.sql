with ledger as (
    select * from {{ ref('input_ledger_totals') }}
),

revenue as (
    select * from {{ ref('scored_monthly_revenue') }}
),

rejected_rows as (
    select * from {{ ref('input_rejected_rows') }}
    where source_table = 'transactions'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

kinds as (
    select distinct ledger_kind from ledger
),

parts as (
    select
        ledger_kind,
        month_on,
        net_revenue_amount as ledger_amount,
        0 as segments_amount,
        0 as guest_amount,
        0 as after_as_of_amount,
        0 as rejected_amount
    from ledger

    union all

    select
        kinds.ledger_kind,
        revenue.month_on,
        0 as ledger_amount,
        revenue.segments_amount,
        revenue.guest_amount,
        revenue.after_as_of_amount,
        0 as rejected_amount
    from revenue
    cross join kinds

    union all

    -- Finance never booked what was no revenue; the raw source holds all of it.
    select
        kinds.ledger_kind,
        {{ first_day_of_month("rejected_rows.occurred_on") }} as month_on,
        0 as ledger_amount,
        0 as segments_amount,
        0 as guest_amount,
        0 as after_as_of_amount,
        coalesce(rejected_rows.amount, 0) as rejected_amount
    from rejected_rows
    inner join kinds
        on kinds.ledger_kind = 'source_control' or rejected_rows.is_revenue
),

summed as (
    select
        ledger_kind,
        month_on,
        {{ as_amount("sum(ledger_amount)") }} as ledger_amount,
        {{ as_amount("sum(segments_amount)") }} as segments_amount,
        {{ as_amount("sum(guest_amount)") }} as guest_amount,
        {{ as_amount("sum(after_as_of_amount)") }} as after_as_of_amount,
        {{ as_amount("sum(rejected_amount)") }} as rejected_amount
    from parts
    group by ledger_kind, month_on
),

ledger_reconciliation as (
    select
        summed.ledger_kind,
        '{{ setting("reporting_currency") }}' as currency_code,
        summed.ledger_amount,
        summed.segments_amount,
        summed.guest_amount,
        summed.after_as_of_amount,
        summed.rejected_amount,
        {{ as_amount(
            "summed.ledger_amount - summed.segments_amount - summed.guest_amount"
            " - summed.after_as_of_amount - summed.rejected_amount"
        ) }} as difference_amount,
        summed.month_on,
        as_of_dates.as_of_date
    from summed
    inner join as_of_dates on as_of_dates.is_current
)

select * from ledger_reconciliation
