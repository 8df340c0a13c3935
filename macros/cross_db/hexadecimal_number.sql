{#- Whole number that up to 15 hexadecimal digits mean. -#}
{% macro hexadecimal_number(expression) %}
    {{- return(adapter.dispatch("hexadecimal_number")(expression)) -}}
{% endmacro %}

{% macro default__hexadecimal_number(expression) -%}
    cast(conv({{ expression }}, 16, 10) as bigint)
{%- endmacro %}

{% macro duckdb__hexadecimal_number(expression) -%}
    cast('0x' || {{ expression }} as bigint)
{%- endmacro %}
