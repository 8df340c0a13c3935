{#- A word of the active industry's sentences: what is an order in a shop is a visit in a clinic. -#}
{% macro word(name) -%}
    {%- set words = var("industries")[setting("industry")] -%}
    {%- if name not in words -%}
        {{ exceptions.raise_compiler_error(
            "vars.yml has no word '" ~ name ~ "' for the industry '"
            ~ setting("industry") ~ "'."
        ) }}
    {%- endif -%}
    {{ return(dbt.escape_single_quotes(words[name])) }}
{%- endmacro %}
