{#- The value of a knob: command line, then connector, then default of vars.yml. -#}
{% macro setting(name) %}
    {%- set defaults = var("settings") -%}
    {%- if name not in defaults -%}
        {{ exceptions.raise_compiler_error(
            "There is no setting '" ~ name ~ "' in vars.yml."
        ) }}
    {%- endif -%}
    {%- set for_connector = connector_declaration().get("settings", {}) -%}
    {{ return(var(name, for_connector.get(name, defaults[name]))) }}
{% endmacro %}
