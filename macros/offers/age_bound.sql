{#-
    The lowest or highest age that an attribute may mean, in years: 25 and 34 of the band
    25-34, 65 and none of 65+; else its number, where it has one.

    bound   lowest or highest
-#}
{% macro age_bound(value_text, value_number, bound) -%}
    {%- set position = {"lowest": 1, "highest": 2}[bound] -%}
    case
        when {{ value_text }} like '%-%'
            then {{ text_as("split_part(" ~ value_text ~ ", '-', " ~ position ~ ")", "double") }}
        when {{ value_text }} like '%+'
            then {% if bound == "lowest" %}{{ text_as("replace(" ~ value_text ~ ", '+', '')", "double") }}{% else %}cast(null as double){% endif %}
        else coalesce({{ text_as(value_text, "double") }}, {{ value_number }})
    end
{%- endmacro %}
