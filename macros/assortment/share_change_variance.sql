{#-
    Variance of the change of a category's share of spend from one window to the next, with
    customers as the units that vary: the linearised variance of a difference of two ratios
    (Woodruff, 1971) in sums of products. Null for fewer than two customers.

    category   alias of a row of scored_segment_categories
    total      alias of the row of scored_segment_buyers
-#}
{% macro share_change_variance(category, total) -%}
    {%- set recent = "cast(" ~ total ~ ".recent_amount as double)" -%}
    {%- set earlier = "cast(" ~ total ~ ".earlier_amount as double)" -%}
    {%- set recent_share = "(" ~ category ~ ".recent_amount / nullif(" ~ recent ~ ", 0))" -%}
    {%- set earlier_share = "(" ~ category ~ ".earlier_amount / nullif(" ~ earlier ~ ", 0))" -%}
    (
        (
            cast({{ category }}.recent_square as double)
            - 2 * {{ recent_share }} * {{ category }}.recent_by_total
            + {{ recent_share }} * {{ recent_share }} * {{ total }}.recent_square
        ) / nullif({{ recent }} * {{ recent }}, 0)
        + (
            cast({{ category }}.earlier_square as double)
            - 2 * {{ earlier_share }} * {{ category }}.earlier_by_total
            + {{ earlier_share }} * {{ earlier_share }} * {{ total }}.earlier_square
        ) / nullif({{ earlier }} * {{ earlier }}, 0)
        - 2 * (
            cast({{ category }}.recent_by_earlier as double)
            - {{ earlier_share }} * {{ category }}.recent_by_earlier_total
            - {{ recent_share }} * {{ category }}.earlier_by_recent_total
            + {{ recent_share }} * {{ earlier_share }} * {{ total }}.cross_product
        ) / nullif({{ recent }} * {{ earlier }}, 0)
    ) * {{ total }}.compared_customers / nullif({{ total }}.compared_customers - 1e0, 0)
{%- endmacro %}
