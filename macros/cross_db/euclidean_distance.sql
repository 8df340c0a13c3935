{#- Euclidean distance of two arrays of doubles of the same length. -#}
{% macro euclidean_distance(left_array, right_array) %}
    {{- return(adapter.dispatch("euclidean_distance")(left_array, right_array)) -}}
{% endmacro %}

{% macro default__euclidean_distance(left_array, right_array) -%}
    sqrt(
        aggregate(
            zip_with({{ left_array }}, {{ right_array }}, (a, b) -> (a - b) * (a - b)),
            cast(0 as double),
            (total, square) -> total + square
        )
    )
{%- endmacro %}

{% macro duckdb__euclidean_distance(left_array, right_array) -%}
    list_distance({{ left_array }}, {{ right_array }})
{%- endmacro %}
