with standings as (
    select * from {{ ref('int_risk_standings_assigned') }}
),

dates as (
    select * from {{ ref('int_risk_dates_resolved') }}
    where is_current
),

scores as (
    select * from {{ ref('scored_risk_scores') }}
    where is_behaviour
),

outcomes as (
    select * from {{ ref('scored_outcome_scores') }}
),

targets as (
    select * from {{ ref('scored_risk_targets') }}
),

-- Of who still buys we ask whether they stay, of who stays away whether they return.
behaviour as (
    select
        targets.target,
        standings.customer_id,
        case
            when targets.target = 'decline' and standings.standing = 'active' and not standings.has_baseline
                then 'no_baseline'
            else standings.standing
        end as standing,
        scores.probability,
        scores.logit,
        scores.base_rate,
        scores.model_version
    from standings
    inner join dates on standings.scored_on = dates.scored_on
    inner join targets on targets.is_behaviour
    left join scores
        on
            standings.scored_on = scores.scored_on
            and standings.customer_id = scores.customer_id
            and targets.target = scores.target
),

risk as (
    select * from behaviour
    union all
    select
        target,
        customer_id,
        standing,
        probability,
        logit,
        base_rate,
        model_version
    from outcomes
),

banded as (
    select
        risk.target,
        risk.customer_id,
        risk.standing,
        risk.probability,
        risk.logit,
        risk.base_rate,
        risk.model_version,
        targets.is_primary,
        case
            when risk.standing <> 'active' or risk.probability is null then null
            {%- for band in ["high", "elevated"] %}
            when {{ is_risk_at_least(band, "risk.probability", "risk.base_rate") }}
                then '{{ band }}'
            {%- endfor %}
            else 'low'
        end as risk_band
    from risk
    inner join targets on risk.target = targets.target
)

select * from banded
