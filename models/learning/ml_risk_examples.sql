with features as (
    select * from {{ ref('ml_risk_features') }}
),

labels as (
    select * from {{ ref('int_risk_labels_measured') }}
),

examples as (
    select
        features.scored_on,
        features.customer_id,
        {%- for feature in risk_features() %}
        features.{{ feature }},
        {%- endfor %}
        cast(labels.lapse_label as double) as lapse_label,
        cast(labels.decline_label as double) as decline_label,
        cast(labels.return_label as double) as return_label
    from features
    inner join labels
        on
            features.scored_on = labels.scored_on
            and features.customer_id = labels.customer_id
    where features.is_example
)

select * from examples
