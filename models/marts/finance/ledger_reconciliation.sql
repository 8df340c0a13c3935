with items as (
    select * from {{ ref('int_ledger_items_listed') }}
),

revenue as (
    select * from {{ ref('scored_monthly_revenue') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

kinds as (
    select distinct ledger_kind from items
),

parts as (
    select
        ledger_kind,
        month_on,
        case when item_type = 'ledger' then amount else 0 end as ledger_amount,
        0 as segments_amount,
        0 as guest_amount,
        0 as after_as_of_amount,
        case when item_type = 'rejected' then amount else 0 end as rejected_amount,
        case when item_type = 'currency_rounding' then amount else 0 end
            as currency_rounding_amount
    from items

    union all

    select
        kinds.ledger_kind,
        revenue.month_on,
        0 as ledger_amount,
        revenue.segments_amount,
        revenue.guest_amount,
        revenue.after_as_of_amount,
        0 as rejected_amount,
        0 as currency_rounding_amount
    from revenue
    cross join kinds
),

summed as (
    select
        ledger_kind,
        month_on,
        {{ as_amount("sum(ledger_amount)") }} as ledger_amount,
        {{ as_amount("sum(segments_amount)") }} as segments_amount,
        {{ as_amount("sum(guest_amount)") }} as guest_amount,
        {{ as_amount("sum(after_as_of_amount)") }} as after_as_of_amount,
        {{ as_amount("sum(rejected_amount)") }} as rejected_amount,
        {{ as_amount("sum(currency_rounding_amount)") }} as currency_rounding_amount
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
        summed.currency_rounding_amount,
        {{ as_amount(
            "summed.ledger_amount - summed.segments_amount - summed.guest_amount"
            " - summed.after_as_of_amount - summed.rejected_amount"
            " - summed.currency_rounding_amount"
        ) }} as difference_amount,
        summed.month_on,
        as_of_dates.as_of_date
    from summed
    inner join as_of_dates on as_of_dates.is_current
)

select * from ledger_reconciliation
