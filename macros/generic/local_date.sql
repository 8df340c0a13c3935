{#- The date in `business_timezone` of a UTC timestamp. -#}
{% macro local_date(utc_timestamp) -%}
    cast({{ local_time(utc_timestamp) }} as date)
{%- endmacro %}
