with segmentation_features as (
    select * from {{ ref('int_segmentation_features_listed') }}
),

-- What a source says of nobody is missing for no one in particular.
provided_features as (
    select distinct
        as_of_date,
        feature
    from {{ ref('int_feature_values_collected') }}
),

counted as (
    select
        provided_features.as_of_date,
        segmentation_features.segmentation,
        count(*) as features
    from segmentation_features
    inner join provided_features
        on segmentation_features.feature = provided_features.feature
    group by provided_features.as_of_date, segmentation_features.segmentation
)

select * from counted
