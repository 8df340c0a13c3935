{#- What the goods of a transaction line cost by their catalogue; negative for returns, null
    where the quantity or the unit cost is not known. -#}
{% macro product_cost(line, unit_cost) -%}
    {{ as_amount(
        "cast(abs(" ~ line ~ ".quantity) as decimal(18, 4)) * " ~ unit_cost
        ~ " * case when " ~ line ~ ".transaction_type = 'return' then -1 else 1 end"
    ) }}
{%- endmacro %}
