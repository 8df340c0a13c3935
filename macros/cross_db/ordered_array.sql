{#- Aggregate numbers into an array in the order of a text column, so that sums over it do
    not depend on the number of threads. -#}
{% macro ordered_array(number, order_by) %}
    {{- return(adapter.dispatch("ordered_array")(number, order_by)) -}}
{% endmacro %}

{% macro default__ordered_array(number, order_by) -%}
    transform(
        array_sort(array_agg(struct({{ order_by }} as position, {{ number }} as number))),
        entry -> entry.number
    )
{%- endmacro %}

{#- An ordered aggregate of more than 16 elements takes 14 KiB a group, which a million
    customers do not leave room for. -#}
{% macro duckdb__ordered_array(number, order_by) -%}
    list_transform(
        list_sort(list({'position': {{ order_by }}, 'number': {{ number }}})),
        lambda entry: struct_extract(entry, 'number')
    )
{%- endmacro %}
