{#-
    A number as people read it. A decimal prints the same on every engine.

    kind    count (whole), number (one place), amount (two places and currency), share (%)
-#}
{% macro number_text(expression, kind) -%}
    {%- if kind == "amount" -%}
    cast({{ as_amount("round(" ~ expression ~ ", 2)") }} as {{ dbt.type_string() }})
    || ' {{ setting("reporting_currency") }}'
    {%- elif kind == "number" -%}
    cast(cast(round({{ expression }}, 1) as decimal(18, 1)) as {{ dbt.type_string() }})
    {%- elif kind == "share" -%}
    cast(cast(round(100 * ({{ expression }})) as decimal(18, 0)) as {{ dbt.type_string() }})
    || ' %'
    {%- elif kind == "count" -%}
    cast(cast(round({{ expression }}) as decimal(18, 0)) as {{ dbt.type_string() }})
    {%- else -%}
    {{ exceptions.raise_compiler_error("number_text: there is no kind '" ~ kind ~ "'.") }}
    {%- endif -%}
{%- endmacro %}
