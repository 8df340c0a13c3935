with ledger as (
    select * from {{ ref('input_ledger_totals') }}
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

rejected_rows as (
    select * from {{ ref('input_rejected_rows') }}
    where source_table = 'transactions'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

customer_segments as (
    select * from {{ ref('customer_segments') }}
    where segmentation = '{{ setting("primary_segmentation") }}'
),

-- The first two parts come by way of the segments, so that a customer without one is seen.
accepted as (
    select
        {{ first_day_of_month("customer_days.active_on") }} as month_on,
        case
            when
                customer_days.active_on < as_of_dates.as_of_date
                and customer_segments.customer_id is not null
                then customer_days.net_amount
            else 0
        end as segments_amount,
        case
            when
                customer_days.active_on < as_of_dates.as_of_date
                and customer_days.customer_id is null
                then customer_days.net_amount
            else 0
        end as guest_amount,
        case
            when customer_days.active_on >= as_of_dates.as_of_date
                then customer_days.net_amount
            else 0
        end as after_as_of_amount
    from customer_days
    inner join as_of_dates on as_of_dates.is_current
    left join customer_segments on customer_days.customer_id = customer_segments.customer_id
),

kinds as (
    select distinct ledger_kind from ledger
),

parts as (
    select
        kinds.ledger_kind,
        accepted.month_on,
        cast(0 as decimal(18, 2)) as ledger_amount,
        accepted.segments_amount,
        accepted.guest_amount,
        accepted.after_as_of_amount,
        cast(0 as decimal(18, 2)) as rejected_amount
    from accepted
    cross join kinds

    union all

    select
        kinds.ledger_kind,
        {{ first_day_of_month("rejected_rows.occurred_on") }} as month_on,
        0 as ledger_amount,
        0 as segments_amount,
        0 as guest_amount,
        0 as after_as_of_amount,
        coalesce(rejected_rows.amount, 0) as rejected_amount
    from rejected_rows
    inner join kinds on kinds.ledger_kind = 'source_control' or rejected_rows.is_revenue

    union all

    select
        ledger_kind,
        month_on,
        net_revenue_amount as ledger_amount,
        0 as segments_amount,
        0 as guest_amount,
        0 as after_as_of_amount,
        0 as rejected_amount
    from ledger
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
