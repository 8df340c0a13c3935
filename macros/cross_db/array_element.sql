{#- Element of an array at a position that counts from 1. -#}
{% macro array_element(array, position) %}
    {{- return(adapter.dispatch("array_element")(array, position)) -}}
{% endmacro %}

{% macro default__array_element(array, position) -%}
    {{ array }}[{{ position }} - 1]
{%- endmacro %}

{% macro duckdb__array_element(array, position) -%}
    {{ array }}[{{ position }}]
{%- endmacro %}
