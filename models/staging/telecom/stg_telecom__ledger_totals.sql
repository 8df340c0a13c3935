{#- Two ledgers: what finance keeps, and the raw lines added up on a path of its own. -#}
with finance_ledger as (
    select * from {{ ref('telecom_finance_ledger') }}
),

raw_lines as (
    select
        {{ text_as('bill_lines.amount', 'decimal(18, 2)') }} as net_amount,
        substr(billing_runs.billed_at, 1, 7) || '-01' as month_text
    from {{ ref('telecom_bill_lines') }} as bill_lines
    left join {{ ref('telecom_billing_runs') }} as billing_runs
        on bill_lines.run = billing_runs.run
),

ledgers as (
    select
        'source_control' as ledger_kind,
        {{ text_as('month_text', 'date') }} as month_on,
        {{ as_amount("coalesce(sum(net_amount), 0)") }} as net_revenue_amount,
        cast(null as string) as unreadable_columns
    from raw_lines
    group by month_text
    union all
    {{ finance_ledger_rows("finance_ledger") }}
)

select
    *,
    {{ row_as_json('ledgers') }} as source_row
from ledgers
