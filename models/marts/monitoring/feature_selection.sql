with features as (
    select * from {{ ref('ml_segment_features') }}
),

protected_features as (
    select * from {{ ref('int_protected_features_listed') }}
    where not is_used
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

judged as (
    select
        segmentation,
        feature,
        family,
        reason,
        transform,
        model_version,
        missing_share,
        weight,
        is_selected
    from features

    union all

    select
        protected_features.segmentation,
        protected_features.feature,
        protected_features.family,
        'protected: shown in the profile, not learned from' as reason,
        cast(null as string) as transform,
        models.model_version,
        cast(null as double) as missing_share,
        cast(null as double) as weight,
        false as is_selected
    from protected_features
    inner join models on protected_features.segmentation = models.segmentation
),

feature_selection as (
    select
        judged.*,
        as_of_dates.as_of_date
    from judged
    inner join as_of_dates on as_of_dates.is_current
)

select * from feature_selection
