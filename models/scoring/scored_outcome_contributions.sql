with feature_values as (
    select * from {{ ref('int_outcome_features_collected') }}
),

weights as (
    select * from {{ ref('ml_risk_weights') }}
    where not is_behaviour
),

-- A value that is not known counts as average: it has no row here.
transformed as (
    select
        weights.target,
        feature_values.customer_id,
        feature_values.feature,
        feature_values.value as feature_value,
        {{ risk_transformed_by_name("feature_values.value", "weights.transform") }}
            as transformed_value,
        weights.centre,
        weights.scale,
        weights.weight
    from feature_values
    inner join weights on feature_values.feature = weights.feature
    where weights.weight <> 0
),

contributions as (
    select
        target,
        customer_id,
        feature,
        feature_value,
        transformed_value > centre as is_high,
        round((transformed_value - centre) / scale * weight, 9) as contribution
    from transformed
)

select * from contributions
