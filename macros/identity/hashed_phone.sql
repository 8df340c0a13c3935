{#- Salted hash of the last nine digits of a phone number, which are the same with and
    without country code; null where it has fewer. -#}
{% macro hashed_phone(column) -%}
    {%- set digits = only_digits(column) -%}
    case
        when length({{ digits }}) >= 9
            then {{ salted_hash("substr(" ~ digits ~ ", length(" ~ digits ~ ") - 8)") }}
    end
{%- endmacro %}
