{#- Seasons since the year 0: spring begins in March, winter spans two years. Modulo 4 spring is
    0, summer 1, autumn 2, winter 3. -#}
{% macro season_number(date) -%}
    cast(
        floor((extract(year from {{ date }}) * 12 + extract(month from {{ date }}) - 3) / 3.0)
        as integer
    )
{%- endmacro %}
