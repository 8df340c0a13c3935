with scorecards as (
    select * from {{ ref('ml_risk_scorecards') }}
),

weights as (
    select * from {{ ref('ml_risk_weights') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

risk_scorecards as (
    select
        scorecards.target,
        weights.feature,
        weights.transform,
        scorecards.status,
        weights.reason,
        scorecards.model_version,
        scorecards.calibration,
        weights.centre,
        weights.scale,
        weights.weight,
        scorecards.intercept,
        scorecards.base_rate,
        cast(scorecards.example_count as bigint) as example_count,
        cast(scorecards.event_count as bigint) as event_count,
        as_of_dates.as_of_date
    from scorecards
    inner join as_of_dates on scorecards.learned_on = as_of_dates.as_of_date
    inner join weights
        on
            scorecards.is_behaviour = weights.is_behaviour
            and scorecards.target = weights.target
            and scorecards.learned_on = weights.learned_on
)

select * from risk_scorecards
