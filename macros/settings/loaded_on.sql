{#- The day after which rows are of the future: the setting, or the day of the invocation. -#}
{% macro loaded_on() -%}
    {{ return(setting("loaded_on") or run_started_at.strftime("%Y-%m-%d")) }}
{%- endmacro %}
