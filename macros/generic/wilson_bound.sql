{#- Bound of a share by Wilson's score interval, 90 % on both sides together (Wilson,
    "Probable inference", 1927); null where nobody was counted.

    part, whole     counts
    sign            -1 for the lower bound, 1 for the upper

    Adding zero turns -0.0 into 0.0. -#}
{% macro wilson_bound(part, whole, sign) -%}
    {%- set z = "1.6448536269514722e0" -%}
    {%- set n = "nullif(cast(" ~ whole ~ " as double), 0)" -%}
    {%- set p = "(cast(" ~ part ~ " as double) / " ~ n ~ ")" -%}
    round(
        (
            {{ p }} + {{ z }} * {{ z }} / (2 * {{ n }})
            {{ "+" if sign > 0 else "-" }} {{ z }} * sqrt(
                {{ p }} * (1 - {{ p }}) / {{ n }}
                + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})
            )
        ) / (1 + {{ z }} * {{ z }} / {{ n }}),
        9
    ) + 0e0
{%- endmacro %}
