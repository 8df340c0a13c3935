with features as (
    select * from {{ ref('int_attribute_features_measured') }}
),

families as (
    select * from {{ ref('segmentation_families') }}
),

protected_features as (
    select distinct
        feature,
        family,
        attribute
    from features
    where {{ is_in_list("lower(attribute)", setting("protected_attributes")) }}
),

listed as (
    select
        families.segmentation,
        protected_features.feature,
        protected_features.family,
        protected_features.attribute,
        {{ "true" if setting("use_protected_attributes") else "false" }} as is_used
    from families
    inner join protected_features on families.family = protected_features.family
)

select * from listed
