{#- Statements that drop what an incremental Python model leaves behind: dbt-duckdb writes its
    new rows to a table that ought to be temporary and is not. -#}
{% macro drop_python_leftovers() %}
    {{- return(adapter.dispatch("drop_python_leftovers")()) -}}
{% endmacro %}

{% macro default__drop_python_leftovers() %}
{% endmacro %}

{% macro duckdb__drop_python_leftovers() -%}
    {%- if execute -%}
        {%- set leftovers = run_query(
            "select schema_name || '.' || table_name from duckdb_tables()"
            ~ " where not temporary and database_name = '" ~ this.database ~ "'"
            ~ " and starts_with(table_name, '" ~ this.identifier ~ "__dbt_tmp')"
        ) -%}
        {%- for leftover in leftovers.columns[0].values() %}
    drop table {{ leftover }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
