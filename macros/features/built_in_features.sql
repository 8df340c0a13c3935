{#- The features that come with the project, as in the seed `features`; a test holds the two
    together. -#}
{% macro built_in_features() %}
    {{ return([
        "recency_days",
        "frequency",
        "monetary_amount",
        "mean_order_amount",
        "mean_order_units",
        "mean_interval_days",
        "interval_variation",
        "spend_trend",
        "evening_share",
        "weekend_share",
        "discount_share",
        "coupon_order_share",
        "private_label_share",
        "product_type_count",
        "department_concentration",
        "deal_seeking_share",
        "variety_seeking_share",
        "brand_attachment_share",
        "fresh_share",
        "healthy_share",
        "convenience_share",
        "home_store_share",
        "location_count",
        "store_switch_share",
        "home_store_customer_count",
    ]) }}
{% endmacro %}
