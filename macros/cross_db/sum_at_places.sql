{#- Sum of the elements of an array of doubles at the places (from 1) that another array
    holds, in the order of the places. -#}
{% macro sum_at_places(numbers, places) %}
    {{- return(adapter.dispatch("sum_at_places")(numbers, places)) -}}
{% endmacro %}

{% macro default__sum_at_places(numbers, places) -%}
    aggregate(
        {{ places }}, cast(0 as double), (total, place) -> total + {{ numbers }}[place - 1]
    )
{%- endmacro %}

{% macro duckdb__sum_at_places(numbers, places) -%}
    list_sum(list_transform({{ places }}, lambda place: list_extract({{ numbers }}, place)))
{%- endmacro %}
