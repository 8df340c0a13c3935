{#- Whether a text is one of those that a column joins by |; null where either is. Not by
    `like`, for which a text may hold wildcards. -#}
{% macro is_listed(text, joined) -%}
    replace('|' || {{ joined }} || '|', '|' || {{ text }} || '|', '') <> '|' || {{ joined }} || '|'
{%- endmacro %}
