{#- A month that the ledger does not explain, in words, with the place where it went. -#}
{% macro unexplained_line(row, stages, amounts) %}
    {%- set month = row["month_on"] | string -%}
    {%- set name = "rows without a date" if row["month_on"] is none else month[:7] -%}
    {%- set currency = setting("reporting_currency") -%}
    {%- set places = [] -%}
    {%- for stage in stages[1:] -%}
        {%- set before = amounts[stages[loop.index0]].get(month, 0) -%}
        {%- set after = amounts[stage].get(month, 0) -%}
        {%- if before != after -%}
            {%- do places.append(
                stages[loop.index0] ~ " hold " ~ before ~ ", " ~ stage ~ " " ~ after
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if row["example"] -%}
        {%- do places.append("first order: " ~ row["example"]) -%}
    {%- endif -%}
    {{ return(
        "  " ~ name ~ ": " ~ row["ledger_kind"] ~ " ledger " ~ row["ledger_amount"] ~ " "
        ~ currency ~ ", explained " ~ (row["ledger_amount"] - row["difference_amount"])
        ~ ", unexplained " ~ row["difference_amount"] ~ " ("
        ~ (places | join("; ") or "no accepted line is lost: the ledger and the source differ")
        ~ ")"
    ) }}
{% endmacro %}
