{#- An amount of money: exact decimal with two places. Sums are cast back with it. -#}
{% macro as_amount(expression) -%}
    cast({{ expression }} as decimal(18, 2))
{%- endmacro %}
