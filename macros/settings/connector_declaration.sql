{#- What vars.yml declares of the active connector: its inputs and its settings. -#}
{% macro connector_declaration() %}
    {%- set connectors = var("connectors") -%}
    {%- if var("connector") not in connectors -%}
        {{ exceptions.raise_compiler_error(
            "There is no connector '" ~ var("connector") ~ "'. vars.yml declares: "
            ~ connectors.keys() | sort | join(", ") ~ "."
        ) }}
    {%- endif -%}
    {{ return(connectors[var("connector")]) }}
{% endmacro %}
