{#- Salted hash of a card, device or handle as it stands; null where there is none. -#}
{% macro hashed_text(column) -%}
    {{ salted_hash("nullif(trim(" ~ column ~ "), '')") }}
{%- endmacro %}
