with logits as (
    select
        *,
        true as is_behaviour
    from {{ ref('scored_risk_logits') }}
    union all
    select
        *,
        false as is_behaviour
    from {{ ref('scored_outcome_logits') }}
),

knots as (
    select * from {{ ref('ml_risk_calibration') }}
),

-- Platt: a logistic curve. Isotonic: straight lines between the knots.
scores as (
    select
        logits.scored_on,
        logits.is_behaviour,
        logits.target,
        logits.customer_id,
        logits.learned_on,
        logits.model_version,
        logits.base_rate,
        logits.logit,
        round(
            case
                when logits.calibration = 'platt'
                    then
                        1 / (1 + exp(
                            -(logits.platt_slope * logits.logit + logits.platt_intercept)
                        ))
                when logits.logit <= knots.logit_from then knots.probability_from
                else
                    knots.probability_from
                    + coalesce(
                        (knots.probability_to - knots.probability_from)
                        * (logits.logit - knots.logit_from)
                        / nullif(knots.logit_to - knots.logit_from, 0),
                        0
                    )
            end,
            9
        ) as probability
    from logits
    left join knots
        on
            logits.calibration = 'isotonic'
            and logits.is_behaviour = knots.is_behaviour
            and logits.target = knots.target
            and logits.learned_on = knots.learned_on
            and (logits.logit >= knots.logit_from or knots.is_first)
            and coalesce(logits.logit < knots.logit_to, true)
)

select * from scores
