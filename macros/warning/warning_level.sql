{#- A mean on the scale on which seasons add: logit of a share, logarithm of an amount. Halves
    keep shares of 0 and 1 finite; nobody's amount has none. -#}
{% macro warning_level(is_share, total, customers) -%}
    case
        when {{ is_share }}
            then ln(({{ total }} + 0.5e0) / ({{ customers }} - {{ total }} + 0.5e0))
        when {{ total }} > 0 then ln({{ total }} / {{ customers }})
    end
{%- endmacro %}
