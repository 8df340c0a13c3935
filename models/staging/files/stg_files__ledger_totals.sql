{#- The control totals read the files on a path of their own, rates included. -#}
{%- set tables = files_inspection()["tables"] -%}
{%- set file = tables.get("transactions") -%}
{%- set rate_file = tables.get("exchange_rates") -%}

with finance as (
    {{ files_rows("ledger_totals", made={"ledger_kind": "'finance'"}) }}
)

{%- if file is not none %},

{%- set time = file.columns["occurred_at"] -%}
{%- set amount = file.columns["net_amount"] -%}
{%- set currency = file.columns.get("currency_code") %}

rates as (
    {%- if rate_file is none %}
    select
        cast(null as string) as currency_code,
        cast(null as date) as rate_on,
        cast(null as decimal(18, 8)) as rate
    where false
    {%- else %}
    {%- set columns = rate_file.columns %}
    select
        {{ files_cast(adapter.quote(columns["currency_code"].name), columns["currency_code"].type, "string") }}
            as currency_code,
        {{ files_cast(adapter.quote(columns["rate_on"].name), columns["rate_on"].type, "date") }} as rate_on,
        -- Of two rates for one day the lower is accepted.
        min(
            cast(
                {{ files_cast(adapter.quote(columns["rate_to_reporting"].name), columns["rate_to_reporting"].type, "double") }}
                as decimal(18, 8)
            )
        ) as rate
    from {{ rate_file.relation }}
    group by all
    having rate is not null and rate_on <= cast('{{ loaded_on() }}' as date)
    {%- endif %}
),

lines as (
    select
        {{ local_date(files_cast(adapter.quote(time.name), time.type, "timestamp")) }} as occurred_on,
        {{ files_cast(adapter.quote(amount.name), amount.type, "decimal(18,2)") }} as net_amount,
        {% if currency %}{{ files_cast(adapter.quote(currency.name), currency.type, "string") }}
        {%- else %}'{{ setting("reporting_currency") }}'{% endif %} as currency_code
    from {{ file.relation }}
),

converted as (
    select
        lines.occurred_on,
        case
            when lines.currency_code = '{{ setting("reporting_currency") }}' then lines.net_amount
            else {{ as_amount("lines.net_amount * rates.rate") }}
        end as net_amount
    from lines
    asof left join rates
        on lines.currency_code = rates.currency_code and lines.occurred_on >= rates.rate_on
),

source_control as (
    select
        {{ first_day_of_month("occurred_on") }} as month_on,
        sum(net_amount) as net_revenue_amount
    from converted
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
