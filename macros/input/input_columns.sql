{#- The columns that a connector provides for an input table: those of its contract, less
    the ones that the input layer derives (`meta: {is_derived: true}`). -#}
{% macro input_columns(table) %}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- set node = graph.nodes["model." ~ project_name ~ ".input_" ~ table] -%}
        {%- for column in node.columns.values() if not column.config.meta.get("is_derived") -%}
            {%- do found.append(column) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}
