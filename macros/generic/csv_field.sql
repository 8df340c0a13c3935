{#- A text as a field of a CSV file (RFC 4180); nothing where it is null. -#}
{% macro csv_field(expression) -%}
    coalesce('"' || replace({{ expression }}, '"', '""') || '"', '')
{%- endmacro %}
