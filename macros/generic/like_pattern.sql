{#- A text in which `*` is anything as a pattern for `like ... escape '!'`: an underscore or
    a per cent sign is itself. -#}
{% macro like_pattern(expression) -%}
    replace(replace(replace(replace({{ expression }}, '!', '!!'), '_', '!_'), '%', '!%'), '*', '%')
{%- endmacro %}
