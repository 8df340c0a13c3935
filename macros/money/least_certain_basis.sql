{#- Of the bases of several costs (measured, assumed, unknown) the one that can be trusted
    least. -#}
{% macro least_certain_basis(cost_basis) -%}
    case when max({{ cost_basis }}) = 'unknown' then 'unknown' else min({{ cost_basis }}) end
{%- endmacro %}
