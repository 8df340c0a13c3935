{#- Aggregate texts into one, sorted and joined by commas. -#}
{% macro sorted_list_text(expression) %}
    {{- return(adapter.dispatch("sorted_list_text")(expression)) -}}
{% endmacro %}

{% macro default__sorted_list_text(expression) -%}
    array_join(array_sort(collect_list({{ expression }})), ', ')
{%- endmacro %}

{% macro duckdb__sorted_list_text(expression) -%}
    string_agg({{ expression }}, ', ' order by {{ expression }})
{%- endmacro %}
