{#- The months of the ledger that finance keeps, read from texts month_on and
    net_revenue_amount, as rows of a connector's ledger totals without their source_row. -#}
{% macro finance_ledger_rows(relation) %}
    select
        'finance' as ledger_kind,
        {{ text_as("month_on", "date") }} as month_on,
        {{ text_as("net_revenue_amount", "decimal(18, 2)") }} as net_revenue_amount,
        {{ unreadable_texts({
            "month_on": ["month_on", "date"],
            "net_revenue_amount": ["net_revenue_amount", "decimal(18, 2)"],
        }) }} as unreadable_columns
    from {{ relation }}
{% endmacro %}
