with features as (
    select * from {{ ref('ml_risk_features') }}
),

standings as (
    select * from {{ ref('int_risk_standings_assigned') }}
),

weights as (
    select * from {{ ref('scored_risk_weights') }}
),

-- Each target has its own people; what is unknown of somebody counts as average.
logits as (
    select
        features.scored_on,
        weights.target,
        features.customer_id,
        weights.learned_on,
        weights.model_version,
        weights.calibration,
        weights.platt_slope,
        weights.platt_intercept,
        weights.base_rate,
        round(
            weights.intercept
            {%- for feature, transform in risk_features().items() %}
            + coalesce({{ risk_contribution("features", "weights", feature, transform) }}, 0)
            {%- endfor %},
            9
        ) as logit
    from features
    inner join standings
        on
            features.scored_on = standings.scored_on
            and features.customer_id = standings.customer_id
    inner join weights
        on
            features.scored_on = weights.scored_on
            and case weights.target
                when 'lapse' then standings.standing = 'active'
                when 'decline' then standings.standing = 'active' and standings.has_baseline
                when 'return' then standings.standing = 'lapsed'
                else false
            end
)

select * from logits
