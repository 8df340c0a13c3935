{#- Sum of doubles that does not depend on row order or threads: sum of decimals with nine
    places. -#}
{% macro exact_sum(expression) -%}
    cast(sum(cast({{ expression }} as decimal(38, 9))) as double)
{%- endmacro %}
