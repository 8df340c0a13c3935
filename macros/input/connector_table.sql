{#- The staging view that feeds an input table; empty, but typed, where the connector
    provides none. -#}
{% macro connector_table(table) %}
    {%- if table in connector_declaration()["inputs"] -%}
        {{ return(ref("stg_" ~ var("connector") ~ "__" ~ table)) }}
    {%- endif -%}
    {%- set source_columns = [] -%}
    {%- for column in input_columns(table) -%}
        {%- do source_columns.append(
            "cast(null as " ~ column.data_type ~ ") as " ~ column.name
        ) -%}
    {%- endfor -%}
    {%- do source_columns.append("cast(null as string) as unreadable_columns") -%}
    {%- do source_columns.append("cast(null as string) as source_row") -%}
    {{ return("(select " ~ source_columns | join(", ") ~ " where false)") }}
{% endmacro %}
