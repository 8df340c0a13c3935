with parameters as (
    select * from {{ ref('ml_active_risk_parameters') }}
    where part = 'calibration'
),

knots as (
    select
        is_behaviour,
        target,
        learned_on,
        item,
        max(case when name = 'logit' then value_number end) as logit,
        max(case when name = 'probability' then value_number end) as probability
    from parameters
    group by is_behaviour, target, learned_on, item
),

-- Each knot with the next; before the first and after the last nothing changes.
intervals as (
    select
        is_behaviour,
        target,
        learned_on,
        item,
        logit as logit_from,
        probability as probability_from,
        lead(logit) over (partition by is_behaviour, target, learned_on order by logit, item) as logit_to,
        coalesce(
            lead(probability) over (
                partition by is_behaviour, target, learned_on order by logit, item
            ),
            probability
        ) as probability_to,
        row_number() over (partition by is_behaviour, target, learned_on order by logit, item) = 1
            as is_first
    from knots
)

select * from intervals
