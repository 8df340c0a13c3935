with features as (
    select * from {{ ref('int_features_described') }}
),

families as (
    select * from {{ ref('segmentation_families') }}
),

listed as (
    select
        families.segmentation,
        features.feature,
        features.family,
        features.kind,
        features.phrase_high,
        features.phrase_low,
        features.priority,
        cast(families.family_weight as double) as family_weight
    from families
    inner join features on families.family = features.family
)

select * from listed
