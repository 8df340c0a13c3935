with at_risk as (
    select * from {{ ref('scored_at_risk_customers') }}
),

features as (
    select * from {{ ref('scored_current_risk_features') }}
),

weights as (
    select * from {{ ref('scored_risk_weights') }}
),

outcome_contributions as (
    select * from {{ ref('scored_outcome_contributions') }}
),

-- Only who is listed is explained.
listed as (
    select
        at_risk.target,
        features.*
    from at_risk
    inner join features on at_risk.customer_id = features.customer_id
),

contributions as (
    {%- for feature, transform in risk_features().items() %}
    select
        listed.target,
        listed.customer_id,
        '{{ feature }}' as feature,
        listed.{{ feature }} as feature_value,
        {{ risk_contribution("listed", "weights", feature, transform) }} as contribution,
        {{ risk_transformed("listed." ~ feature, transform) }} > weights.{{ feature }}_centre
            as is_high
    from listed
    inner join weights
        on listed.target = weights.target and listed.scored_on = weights.scored_on
    union all
    {%- endfor %}
    select
        outcome_contributions.target,
        outcome_contributions.customer_id,
        outcome_contributions.feature,
        outcome_contributions.feature_value,
        outcome_contributions.contribution,
        outcome_contributions.is_high
    from outcome_contributions
    inner join at_risk
        on
            outcome_contributions.target = at_risk.target
            and outcome_contributions.customer_id = at_risk.customer_id
)

select * from contributions
where contribution <> 0
