{#- Two ledgers: what finance keeps, and the raw lines added up on a path of its own. -#}
with raw_lines as (
    select
        amount,
        billed_at as occurred_at
    from {{ ref('healthcare_billing_lines') }}
    union all
    select
        copayment as amount,
        filled_at as occurred_at
    from {{ ref('healthcare_dispensary_fills') }}
    union all
    select
        fee as amount,
        enrolled_at as occurred_at
    from {{ ref('healthcare_enrolments') }}
),

ledgers as (
    select
        'source_control' as ledger_kind,
        {{ text_as("substr(occurred_at, 1, 7) || '-01'", 'date') }} as month_on,
        sum({{ text_as('amount', 'decimal(18, 2)') }}) as net_revenue_amount,
        cast(null as string) as unreadable_columns
    from raw_lines
    group by 2
    union all
    {{ finance_ledger_rows(ref("healthcare_finance_ledger")) }}
)

select
    ledger_kind,
    month_on,
    {{ as_amount('net_revenue_amount') }} as net_revenue_amount,
    unreadable_columns,
    {{ row_as_json('ledgers') }} as source_row
from ledgers
