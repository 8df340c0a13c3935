{#- A number of days before today in words; a date before today is at least one day ago. -#}
{% macro days_ago(days) -%}
    case
        when {{ days }} = 1 then '1 day ago'
        else {{ number_text(days, "count") }} || ' days ago'
    end
{%- endmacro %}
