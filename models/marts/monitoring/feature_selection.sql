with features as (
    select * from {{ ref('ml_segment_features') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

feature_selection as (
    select
        features.segmentation,
        features.feature,
        features.family,
        features.reason,
        features.transform,
        features.model_version,
        features.missing_share,
        features.weight,
        features.is_selected,
        as_of_dates.as_of_date
    from features
    inner join as_of_dates on as_of_dates.is_current
)

select * from feature_selection
