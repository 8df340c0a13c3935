{#- Whether `restricted_attributes` names an attribute; a star at the end stands for any. -#}
{% macro is_restricted_attribute(attribute) -%}
    {%- set names = setting("restricted_attributes") -%}
    {%- if not names -%}
    false
    {%- else -%}
    (
        {%- for name in names %}
        {{ attribute }} like {{ like_pattern("'" ~ dbt.escape_single_quotes(name) ~ "'") }} escape '!'
        {{- " or" if not loop.last }}
        {%- endfor %}
    )
    {%- endif -%}
{%- endmacro %}
