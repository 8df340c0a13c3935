{#- The first day of the month of a date. -#}
{% macro first_day_of_month(date) -%}
    cast({{ dbt.date_trunc("month", date) }} as date)
{%- endmacro %}
