{#- Salted hash of an e-mail address, whatever its letter case; null where there is none. -#}
{% macro hashed_email(column) -%}
    {{ salted_hash("lower(nullif(trim(" ~ column ~ "), ''))") }}
{%- endmacro %}
