{#- The features that risk is learned from and their transforms, as in the seed
    `risk_features`; a test holds the two together. -#}
{% macro risk_features() %}
    {{ return({
        "recency_days": "log1p",
        "shopping_days": "log1p",
        "age_days": "log1p",
        "mean_order_amount": "log1p",
        "mean_interval_days": "log1p",
        "overdue_ratio": "log1p",
        "recent_order_count": "log1p",
        "short_order_trend": "log",
        "long_order_trend": "log",
        "short_spend_ratio": "log",
        "long_spend_ratio": "log",
        "basket_breadth_ratio": "log",
        "discount_share_change": "none",
        "visit_trend": "log",
        "visit_length_ratio": "log",
        "open_share_change": "none",
        "support_contact_count": "log1p",
        "worst_support_tone": "none",
        "no_purchase_probability": "logit",
    }) }}
{% endmacro %}
