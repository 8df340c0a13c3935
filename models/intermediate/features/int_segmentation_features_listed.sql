with features as (
    select * from {{ ref('int_features_described') }}
),

protected_features as (
    select distinct feature
    from {{ ref('int_protected_features_listed') }}
    where not is_used
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
    left join protected_features on features.feature = protected_features.feature
    where
        protected_features.feature is null
        -- For people to read: it says once more what store_distance_km says.
        and features.feature not like 'distance_band: %'
        and features.feature
        <> 'recency_{{ "days" if setting("recency_basis") == "seasons" else "seasons" }}'
)

select * from listed
