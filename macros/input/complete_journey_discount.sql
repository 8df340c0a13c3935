{#- What the retailer gives up on a line of Complete Journey: its own discount and the
    coupons it matches. The manufacturer's coupons are not its cost. -#}
{% macro complete_journey_discount() -%}
    coalesce({{ complete_journey_amount("retail_disc") }}, 0)
    + coalesce({{ complete_journey_amount("coupon_match_disc") }}, 0)
{%- endmacro %}
