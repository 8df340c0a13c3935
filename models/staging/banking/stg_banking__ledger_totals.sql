{#- Two ledgers: what finance keeps, and the raw rows added up on a path of their own. -#}
{%- set sources = {
    "banking_card_payments": ["interchange", "paid_on"],
    "banking_transfers": ["fee", "executed_on"],
    "banking_balances": ["margin", "booked_on"],
    "banking_plans_held": ["entry_fee", "taken_on"],
} -%}

with finance_ledger as (
    select * from {{ ref('banking_finance_ledger') }}
),

raw_lines as (
    {%- for seed, (amount, day) in sources.items() %}
    select
        {{ text_as(amount, 'decimal(18, 2)') }} as amount,
        {{ text_as(day, 'date') }} as booked_on
    from {{ ref(seed) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

ledgers as (
    select
        'source_control' as ledger_kind,
        {{ first_day_of_month("booked_on") }} as month_on,
        {{ as_amount("coalesce(sum(amount), 0)") }} as net_revenue_amount,
        cast(null as string) as unreadable_columns
    from raw_lines
    group by 2
    union all
    {{ finance_ledger_rows("finance_ledger") }}
)

select
    *,
    {{ row_as_json('ledgers') }} as source_row
from ledgers
