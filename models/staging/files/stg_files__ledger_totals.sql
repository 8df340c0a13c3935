{%- set file = files_inspection()["tables"].get("transactions") -%}

with finance as (
    {{ files_rows("ledger_totals", made={"ledger_kind": "'finance'"}) }}
)

{%- if file is not none %},

{%- set time = file.columns["occurred_at"] -%}
{%- set amount = file.columns["net_amount"] %}

source_control as (
    select
        {{ first_day_of_month(local_date(
            files_cast(adapter.quote(time.name), time.type, "timestamp")
        )) }} as month_on,
        sum({{ files_cast(adapter.quote(amount.name), amount.type, "decimal(18,2)") }})
            as net_revenue_amount
    from {{ file.relation }}
    group by all
)

select
    'source_control' as ledger_kind,
    {{ as_amount("coalesce(net_revenue_amount, 0)") }} as net_revenue_amount,
    month_on,
    cast(null as string) as unreadable_columns,
    '{}' as source_row
from source_control

union all
{%- endif %}

select * from finance
