{#- As `risk_transformed`, where the name of the transform stands in a column. -#}
{% macro risk_transformed_by_name(expression, transform) -%}
    case {{ transform }}
        {%- for name in ["log1p", "log", "logit"] %}
        when '{{ name }}' then {{ risk_transformed(expression, name) }}
        {%- endfor %}
        else {{ expression }}
    end
{%- endmacro %}
