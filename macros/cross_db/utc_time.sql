{#- The UTC timestamp at which the wall clock of `business_timezone` shows a time. -#}
{% macro utc_time(local_timestamp) %}
    {{- return(adapter.dispatch("utc_time")(local_timestamp, setting("business_timezone"))) -}}
{% endmacro %}

{% macro default__utc_time(local_timestamp, timezone) -%}
    to_utc_timestamp({{ local_timestamp }}, '{{ timezone }}')
{%- endmacro %}

{% macro duckdb__utc_time(local_timestamp, timezone) -%}
    timezone('UTC', timezone('{{ timezone }}', {{ local_timestamp }}))
{%- endmacro %}
