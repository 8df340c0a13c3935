with features as (
    select * from {{ ref('int_risk_features_measured') }}
),

purchase_models as (
    select * from {{ ref('ml_active_purchase_models') }}
),

joined as (
    select
        features.*,
        purchase_models.model_version as purchase_model_version,
        {{ no_purchase_probability(
            "features", "purchase_models", setting("risk_horizon_days")
        ) }} as no_purchase_probability,
        round({{ probability_alive("features", "purchase_models") }}, 9)
            as probability_alive
    from features
    left join purchase_models on features.scored_on = purchase_models.scored_on
)

select
    scored_on,
    customer_id,
    purchase_model_version,
    is_example,
    repeat_count,
    last_repeat_days,
    mean_repeat_amount,
    baseline_horizon_amount,
    probability_alive,
    {%- for feature in risk_features() %}
    {{ feature }},
    {%- endfor %}
    first_order_on,
    last_order_on
from joined
