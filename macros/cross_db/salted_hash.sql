{#- SHA-256 of a text behind the secret salt, which stands in the session and in no SQL. -#}
{% macro salted_hash(expression) %}
    {{- return(adapter.dispatch("salted_hash")(expression)) -}}
{% endmacro %}

{% macro default__salted_hash(expression) -%}
    sha2(concat('${segmentation.identifier_salt}', {{ expression }}), 256)
{%- endmacro %}

{% macro duckdb__salted_hash(expression) -%}
    sha256(getvariable('identifier_salt') || {{ expression }})
{%- endmacro %}
