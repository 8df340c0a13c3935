{#- A text column of a source as another type; null where it is blank or cannot be cast. -#}
{% macro text_as(column, data_type) -%}
    try_cast(nullif(trim({{ column }}), '') as {{ data_type }})
{%- endmacro %}
