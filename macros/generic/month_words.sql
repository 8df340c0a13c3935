{#- Month and year of a date in words, as in October 2025. -#}
{% macro month_words(date) -%}
    case extract(month from {{ date }})
        {%- for name in [
            "January", "February", "March", "April", "May", "June", "July", "August",
            "September", "October", "November", "December"
        ] %}
        when {{ loop.index }} then '{{ name }}'
        {%- endfor %}
    end || ' ' || cast(extract(year from {{ date }}) as {{ dbt.type_string() }})
{%- endmacro %}
