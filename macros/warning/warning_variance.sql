{#- Sampling variance of a level: of a logit, or of the logarithm of a mean (delta method). -#}
{% macro warning_variance(is_share, total, squares, customers) -%}
    case
        when {{ is_share }}
            then 1 / ({{ total }} + 0.5e0) + 1 / ({{ customers }} - {{ total }} + 0.5e0)
        when {{ total }} > 0
            then {{ squares }} / ({{ total }} * {{ total }}) - 1 / {{ customers }}
    end
{%- endmacro %}
