{#- Between `as` and the parenthesis of a CTE that stands at the end of a long chain of
    windows: DuckDB's planner takes ten times as long for each further link. -#}
{% macro materialized() %}
    {{- return(adapter.dispatch("materialized")()) -}}
{% endmacro %}

{% macro default__materialized() %}{% endmacro %}

{% macro duckdb__materialized() %}materialized{% endmacro %}
