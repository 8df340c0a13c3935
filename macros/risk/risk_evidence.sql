{#-
    The two numbers behind each risk feature, as (now, usual, kind for `number_text`), over
    a relation `evidence` that joins the features, histories and interactions of a customer.
-#}
{% macro risk_evidence() %}
    {{ return({
        "recency_days": ("recency_days", "mean_interval_days", "count"),
        "shopping_days": ("shopping_days", "null", "count"),
        "age_days": ("age_days", "null", "count"),
        "mean_order_amount": ("mean_order_amount", "null", "amount"),
        "mean_interval_days": ("mean_interval_days", "null", "count"),
        "overdue_ratio": ("recency_days", "mean_interval_days", "count"),
        "recent_order_count": ("longer_days", "null", "count"),
        "short_order_trend": ("half_days", "previous_half_days", "count"),
        "long_order_trend": ("longer_days", "previous_longer_days", "count"),
        "short_spend_ratio": ("half_amount", "baseline_horizon_amount / 2", "amount"),
        "long_spend_ratio": ("horizon_amount", "baseline_horizon_amount", "amount"),
        "basket_breadth_ratio": (
            share_of("horizon_lines", "horizon_days"),
            share_of("baseline_lines", "baseline_days"),
            "number",
        ),
        "discount_share_change": (
            share_of("horizon_discount", "horizon_gross"),
            share_of("baseline_discount", "baseline_gross"),
            "share",
        ),
        "visit_trend": ("recent_visits", "visits / 3.0", "count"),
        "visit_length_ratio": (
            share_of("recent_visit_seconds", "60 * recent_timed_visits"),
            share_of("visit_seconds", "60 * timed_visits"),
            "number",
        ),
        "open_share_change": (
            share_of("recent_opened_messages", "recent_messages"),
            share_of("opened_messages", "messages"),
            "share",
        ),
        "support_contact_count": ("recent_support_contacts", "null", "count"),
        "worst_support_tone": ("worst_support_tone", "null", "number"),
        "no_purchase_probability": ("recency_days", "mean_interval_days", "count"),
    }) }}
{% endmacro %}
