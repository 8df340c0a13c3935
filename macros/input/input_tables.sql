{#- The tables of the input contract that a connector may provide. -#}
{% macro input_tables() %}
    {{ return([
        "customers",
        "customer_attributes",
        "customer_identifiers",
        "transactions",
        "products",
        "interactions",
        "survey_responses",
        "customer_outcomes",
        "campaigns",
        "campaign_contacts",
        "campaign_responses",
        "marketing_costs",
        "exchange_rates",
        "ledger_totals",
    ]) }}
{% endmacro %}
