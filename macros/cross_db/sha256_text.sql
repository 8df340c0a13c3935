{#- SHA-256 of a text (UTF-8) in hexadecimal digits, without any salt. -#}
{% macro sha256_text(expression) %}
    {{- return(adapter.dispatch("sha256_text")(expression)) -}}
{% endmacro %}

{% macro default__sha256_text(expression) -%}
    sha2({{ expression }}, 256)
{%- endmacro %}

{% macro duckdb__sha256_text(expression) -%}
    sha256({{ expression }})
{%- endmacro %}
