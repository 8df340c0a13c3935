with drift as (
    select * from {{ ref('ml_segment_drift') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

feature_drift as (
    select
        drift.segmentation,
        drift.feature,
        drift.model_version,
        drift.population_stability_index,
        drift.population_stability_index
        > {{ setting("watched_stability_index") }} as is_watched,
        drift.is_drifted,
        as_of_dates.as_of_date
    from drift
    inner join as_of_dates on as_of_dates.is_current
)

select * from feature_drift
