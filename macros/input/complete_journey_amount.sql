{#- An amount of Complete Journey, which arrives as binary floating point. -#}
{% macro complete_journey_amount(column) -%}
    try_cast({{ column }} as decimal(18, 2))
{%- endmacro %}
