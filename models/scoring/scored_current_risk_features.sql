with features as (
    select * from {{ ref('ml_risk_features') }}
),

dates as (
    select * from {{ ref('int_risk_dates_resolved') }}
    where is_current
),

current_features as (
    select features.*
    from features
    inner join dates on features.scored_on = dates.scored_on
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
from current_features
