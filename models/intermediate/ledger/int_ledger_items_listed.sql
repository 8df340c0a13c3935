with ledger as (
    select * from {{ ref('input_ledger_totals') }}
),

rejected_rows as (
    select
        source_table,
        reason,
        source_row,
        is_revenue,
        -- A rejected total of a ledger is not in the ledger.
        case when source_table = 'transactions' then amount end as amount,
        {{ first_day_of_month("occurred_on") }} as month_on
    from {{ ref('input_rejected_rows') }}
    where source_table in ('transactions', 'ledger_totals')
),

roundings as (
    select * from {{ ref('input_currency_roundings') }}
    where '{{ setting("ledger_conversion") }}' = 'month'
),

kinds as (
    select distinct ledger_kind from ledger
),

-- Finance never booked what was no revenue; the raw source holds all of it. A row whose
-- amount cannot be read moves neither, but may be what finance knows and we do not.
rejected as (
    select
        kinds.ledger_kind,
        rejected_rows.source_table || '/' || rejected_rows.reason as detail,
        count(*) as row_count,
        coalesce(sum(rejected_rows.amount), 0) as amount,
        min(rejected_rows.source_row) as example,
        rejected_rows.month_on
    from rejected_rows
    inner join kinds
        on
            rejected_rows.is_revenue
            or (kinds.ledger_kind = 'finance' and rejected_rows.amount is null)
            or (
                kinds.ledger_kind = 'source_control'
                and rejected_rows.source_table = 'transactions'
            )
    group by
        kinds.ledger_kind,
        rejected_rows.source_table,
        rejected_rows.reason,
        rejected_rows.month_on
),

items as (
    select
        ledger_kind,
        'ledger' as item_type,
        'ledger' as item,
        count(*) as row_count,
        sum(net_revenue_amount) as amount,
        cast(null as {{ dbt.type_string() }}) as example,
        month_on
    from ledger
    group by ledger_kind, month_on

    union all

    select
        ledger_kind,
        'rejected' as item_type,
        'rejected: ' || detail as item,
        row_count,
        amount,
        example,
        month_on
    from rejected

    union all

    -- The raw source is added up line by line, as here.
    select
        'finance' as ledger_kind,
        'currency_rounding' as item_type,
        'currency_rounding: ' || roundings.currency_code as item,
        roundings.line_count as row_count,
        roundings.rounding_amount as amount,
        roundings.first_order_id as example,
        roundings.month_on
    from roundings
    inner join kinds on kinds.ledger_kind = 'finance'
)

select
    ledger_kind,
    item_type,
    item,
    cast(row_count as bigint) as row_count,
    {{ as_amount("amount") }} as amount,
    example,
    month_on
from items
