{#- Names, joined by commas, of the columns whose source value is there but could not be
    cast; null where there is none. Takes column -> [source expression, cast expression]. -#}
{% macro unreadable_columns(columns) -%}
    nullif(
        concat_ws(
            ','
            {%- for column, expressions in columns.items() %},
            case
                when {{ expressions[0] }} is not null and {{ expressions[1] }} is null
                    then '{{ column }}'
            end
            {%- endfor %}
        ),
        ''
    )
{%- endmacro %}
