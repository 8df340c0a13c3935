{#- Where the cost of the goods of a row comes from, in words: the weakest source says how far
    the sum can be trusted. -#}
{% macro cost_basis(row) -%}
    case
        when {{ row }}.cost_amount = 0 and {{ row }}.assumed_cost_amount = 0 then 'no cost'
        when {{ row }}.assumed_cost_amount = {{ row }}.cost_amount then 'assumed'
        when {{ row }}.assumed_cost_amount <> 0 then 'partly assumed'
        when {{ row }}.product_cost_amount = {{ row }}.cost_amount then 'product'
        when {{ row }}.product_cost_amount <> 0 then 'line and product'
        else 'line'
    end
{%- endmacro %}
