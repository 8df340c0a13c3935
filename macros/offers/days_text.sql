{#- A number of days in words, as after "every": 1 is "day", 12 is "12 days". -#}
{% macro days_text(days) -%}
    case
        when round({{ days }}) = 1 then 'day'
        else {{ number_text(days, "count") }} || ' days'
    end
{%- endmacro %}
