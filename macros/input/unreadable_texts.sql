{#- `unreadable_columns` of text columns that `text_as` casts: input column -> [source
    column, data type]. -#}
{% macro unreadable_texts(columns) -%}
    {%- set casts = {} -%}
    {%- for name, (column, data_type) in columns.items() -%}
        {%- do casts.update({
            name: ["nullif(trim(" ~ column ~ "), '')", text_as(column, data_type)]
        }) -%}
    {%- endfor -%}
    {{ unreadable_columns(casts) }}
{%- endmacro %}
