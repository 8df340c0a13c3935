{#- The date a number of days before a date. -#}
{% macro days_before(date, days) -%}
    cast({{ dbt.dateadd("day", -1 * days, date) }} as date)
{%- endmacro %}
