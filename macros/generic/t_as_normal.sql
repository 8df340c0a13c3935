{#- Standard normal value as far out as a Student t is with its degrees of freedom (Wallace,
    "Bounds on normal approximations to Student's", 1959). -#}
{% macro t_as_normal(t, degrees) -%}
    (
        case when {{ t }} < 0 then -1e0 else 1e0 end
        * (8e0 * {{ degrees }} + 1) / (8e0 * {{ degrees }} + 3)
        * sqrt({{ degrees }} * ln(1e0 + {{ t }} * {{ t }} / {{ degrees }}))
    )
{%- endmacro %}
