{#- Schemas are named like the folders on every target, so that `finance.segment_roi` is
    what people type; a developer's own copy puts `schema_prefix` before them. -#}
{% macro generate_schema_name(custom_schema_name, node) %}
    {{- var("schema_prefix") ~ (custom_schema_name or target.schema) | trim -}}
{% endmacro %}
