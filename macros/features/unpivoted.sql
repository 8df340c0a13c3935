{#- Columns of doubles as rows (as_of_date, customer_id, feature, feature_value). -#}
{% macro unpivoted(relation, columns) %}
    {%- for column in columns %}
    select
        as_of_date,
        customer_id,
        '{{ column }}' as feature,
        {{ column }} as feature_value
    from {{ relation }}
    where {{ column }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
{% endmacro %}
