{#- Whether a date lies in [as_of_date - days, as_of_date); null days: any time before. -#}
{% macro is_within(date, as_of_date, days) -%}
    {%- if days is none -%}
    {{ date }} < {{ as_of_date }}
    {%- else -%}
    ({{ date }} < {{ as_of_date }} and {{ date }} >= {{ days_before(as_of_date, days) }})
    {%- endif -%}
{%- endmacro %}
