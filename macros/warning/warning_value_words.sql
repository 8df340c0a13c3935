{#- A share as whole per cents, an amount with its currency. -#}
{% macro warning_value_words(value, is_share) -%}
    case
        when {{ is_share }}
            then
                cast(cast(round(100 * {{ value }}) as decimal(38, 0)) as {{ dbt.type_string() }})
                || ' %'
        else
            cast(cast(round({{ value }}, 2) as decimal(38, 2)) as {{ dbt.type_string() }})
            || ' {{ setting("reporting_currency") }}'
    end
{%- endmacro %}
