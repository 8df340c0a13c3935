{#- Whether a customer is kept from a future campaign, so that its effect can be measured: a
    share of all, drawn anew for each campaign and the same however often it is asked. -#}
{% macro is_held_out(campaign_id, customer_id, holdout_share) -%}
    ({{ holdout_bucket(campaign_id, customer_id) }} < {{ holdout_share }})
{%- endmacro %}
