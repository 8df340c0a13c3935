with feature_values as (
    select * from {{ ref('int_outcome_features_collected') }}
),

weights as (
    select * from {{ ref('ml_risk_weights') }}
    where not is_behaviour
),

-- A value that is not known counts as average: it has no row here.
contributions as (
    select
        weights.target,
        feature_values.customer_id,
        feature_values.feature,
        feature_values.value as feature_value,
        {{ risk_transformed_by_name("feature_values.value", "weights.transform") }}
        > weights.centre as is_high,
        round(
            ({{ risk_transformed_by_name("feature_values.value", "weights.transform") }}
            - weights.centre)
            / weights.scale * weights.weight,
            9
        ) as contribution
    from feature_values
    inner join weights on feature_values.feature = weights.feature
    where weights.weight <> 0
)

select * from contributions
