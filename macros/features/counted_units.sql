{#- Units of a line as they are counted: departments sold by weight, volume or money count
    a line as one. Exact decimal, so that sums do not depend on row order. -#}
{% macro counted_units(quantity, department) -%}
    case
        when {{ is_in_list(department, setting("single_unit_departments")) }}
            then cast(1 as decimal(18, 3))
        else cast({{ quantity }} as decimal(18, 3))
    end
{%- endmacro %}
