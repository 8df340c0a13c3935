{#- The wall clock of `business_timezone` at a UTC timestamp. -#}
{% macro local_time(utc_timestamp) %}
    {{- return(adapter.dispatch("local_time")(utc_timestamp, setting("business_timezone"))) -}}
{% endmacro %}

{% macro default__local_time(utc_timestamp, timezone) -%}
    from_utc_timestamp({{ utc_timestamp }}, '{{ timezone }}')
{%- endmacro %}

{% macro duckdb__local_time(utc_timestamp, timezone) -%}
    timezone('{{ timezone }}', timezone('UTC', {{ utc_timestamp }}))
{%- endmacro %}
