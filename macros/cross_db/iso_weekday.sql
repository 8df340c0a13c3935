{#- Day of the week of a date, Monday = 1 to Sunday = 7. -#}
{% macro iso_weekday(date) %}
    {{- return(adapter.dispatch("iso_weekday")(date)) -}}
{% endmacro %}

{% macro default__iso_weekday(date) -%}
    (weekday({{ date }}) + 1)
{%- endmacro %}

{% macro duckdb__iso_weekday(date) -%}
    isodow({{ date }})
{%- endmacro %}
