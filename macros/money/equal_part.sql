{#- The part with a number (from 1 to count) of an amount that is divided equally, in cents;
    the parts sum to the amount. -#}
{% macro equal_part(amount, number, count) -%}
    {{ as_amount(
        "(floor(" ~ amount ~ " * 100 * " ~ number ~ " / cast(" ~ count ~ " as double))"
        ~ " - floor(" ~ amount ~ " * 100 * (" ~ number ~ " - 1) / cast(" ~ count ~ " as double)))"
        ~ " / 100"
    ) }}
{%- endmacro %}
