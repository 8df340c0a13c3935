{#- A feature as the scorecard takes it, by the name of its transform. -#}
{% macro risk_transformed(expression, transform) -%}
    {%- if transform == "log1p" -%}
    ln(1 + greatest({{ expression }}, 0))
    {%- elif transform == "log" -%}
    ln(greatest({{ expression }}, 0.000001))
    {%- elif transform == "logit" -%}
    ln(
        least(greatest({{ expression }}, 0.000001), 0.999999)
        / (1 - least(greatest({{ expression }}, 0.000001), 0.999999))
    )
    {%- elif transform == "none" -%}
    {{ expression }}
    {%- else -%}
    {{ exceptions.raise_compiler_error("There is no transform '" ~ transform ~ "'.") }}
    {%- endif -%}
{%- endmacro %}
