with outcomes as (
    select * from {{ ref('int_customer_outcomes_identified') }}
),

customers as (
    select distinct customer_id
    from {{ ref('int_outcome_features_collected') }}
),

targets as (
    select distinct outcome as target
    from {{ ref('int_customer_outcomes_identified') }}
),

scores as (
    select * from {{ ref('scored_risk_scores') }}
    where not is_behaviour
),

-- Whoever was learned from is scored by what was learned from the others.
out_of_fold as (
    select
        target,
        item as customer_id,
        value_number as probability
    from {{ ref('ml_active_risk_parameters') }}
    where not is_behaviour and part = 'out_of_fold' and name = 'probability'
),

judged as (
    select
        targets.target,
        customers.customer_id,
        outcomes.value as has_happened,
        case
            when outcomes.value then 'lapsed'
            when
                not outcomes.value
                and {{ is_in_list("targets.target", setting("decided_outcomes")) }}
                then 'decided'
            else 'active'
        end as standing,
        coalesce(out_of_fold.probability, scores.probability) as probability,
        out_of_fold.probability is not null as is_out_of_fold,
        scores.logit,
        scores.base_rate,
        scores.model_version,
        scores.scored_on
    from targets
    cross join customers
    left join outcomes
        on
            targets.target = outcomes.outcome
            and customers.customer_id = outcomes.customer_id
    left join out_of_fold
        on
            targets.target = out_of_fold.target
            and customers.customer_id = out_of_fold.customer_id
    left join scores
        on
            targets.target = scores.target
            and customers.customer_id = scores.customer_id
)

select * from judged
