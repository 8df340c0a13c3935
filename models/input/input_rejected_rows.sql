{%- set rejected = [
    {"table": "customers", "date": "registered_on"},
    {"table": "customer_attributes", "date": "observed_on"},
    {"table": "customer_identifiers", "date": "observed_on"},
    {"table": "transactions", "date": "occurred_on", "amount": "net_amount"},
    {"table": "products"},
    {"table": "interactions", "date": "occurred_on"},
    {"table": "survey_responses", "date": "responded_on"},
    {"table": "customer_outcomes", "date": "occurred_on"},
    {"table": "campaigns", "date": "started_on"},
    {"table": "campaign_contacts", "date": "contacted_on", "amount": "cost_amount"},
    {"table": "campaign_responses", "date": "responded_on"},
    {"table": "marketing_costs", "date": "cost_on", "amount": "cost_amount"},
    {"table": "exchange_rates", "date": "rate_on"},
    {"table": "ledger_totals", "date": "month_on", "amount": "net_revenue_amount"},
] -%}

with rejected_rows as (
    {%- for source in rejected %}
    select
        '{{ source.table }}' as source_table,
        source_row,
        rejection_reason as reason,
        cast({{ source.get("date", "null") }} as date) as occurred_on,
        {{ as_amount(source.get("amount", "null")) }} as amount
    from {{ ref("checked_" ~ source.table) }}
    where rejection_reason is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

judged as (
    select
        cast('{{ var("connector") }}' as string) as connector,
        source_table,
        source_row,
        reason,
        amount,
        source_table = 'transactions'
        and reason <> 'duplicate_key'
        and amount is not null as is_revenue,
        occurred_on
    from rejected_rows
)

select * from judged
