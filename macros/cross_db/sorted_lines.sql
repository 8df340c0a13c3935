{#- Aggregate texts into one, sorted by their bytes, each ended by a line feed; null where
    there is none. -#}
{% macro sorted_lines(expression) %}
    {{- return(adapter.dispatch("sorted_lines")(expression)) -}}
{% endmacro %}

{% macro default__sorted_lines(expression) -%}
    array_join(array_sort(collect_list({{ expression }} || '{{ "\n" }}')), '')
{%- endmacro %}

{% macro duckdb__sorted_lines(expression) -%}
    string_agg({{ expression }} || '{{ "\n" }}', '' order by {{ expression }})
{%- endmacro %}
