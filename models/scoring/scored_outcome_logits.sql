with contributions as (
    select * from {{ ref('scored_outcome_contributions') }}
),

scorecards as (
    select * from {{ ref('ml_risk_scorecards') }}
    where not is_behaviour and status = 'fitted'
),

summed as (
    select
        target,
        customer_id,
        {{ exact_sum("contribution") }} as contribution
    from contributions
    group by target, customer_id
),

logits as (
    select
        scorecards.learned_on as scored_on,
        scorecards.target,
        summed.customer_id,
        scorecards.learned_on,
        scorecards.model_version,
        scorecards.calibration,
        scorecards.platt_slope,
        scorecards.platt_intercept,
        scorecards.base_rate,
        round(scorecards.intercept + summed.contribution, 9) as logit
    from summed
    inner join scorecards on summed.target = scorecards.target
)

select * from logits
