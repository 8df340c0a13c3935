{#- Whether a text is one of a list from the settings; never null, also for an empty list. -#}
{% macro is_in_list(expression, texts) -%}
    {%- if texts -%}
    coalesce({{ expression }} in ('{{ texts | join("', '") }}'), false)
    {%- else -%}
    false
    {%- endif -%}
{%- endmacro %}
