with populations as (
    select * from {{ ref('int_segmentation_populations_assigned') }}
),

features as (
    select * from {{ ref('ml_segment_features') }}
),

feature_values as (
    select * from {{ ref('int_feature_values_collected') }}
),

found as (
    select
        populations.as_of_date,
        populations.segmentation,
        populations.customer_id,
        features.feature,
        features.transform,
        features.centre,
        features.scale,
        features.weight,
        features.clip_low,
        features.clip_high,
        case
            when features.transform <> 'is_missing'
                then coalesce(feature_values.feature_value, features.impute_value)
            when feature_values.feature_value is null then 1
            else 0
        end as found_value
    from populations
    inner join features
        on populations.segmentation = features.segmentation and features.is_selected
    left join feature_values
        on
            populations.as_of_date = feature_values.as_of_date
            and populations.customer_id = feature_values.customer_id
            and features.source_feature = feature_values.feature
    where populations.standing = 'eligible'
),

clipped as (
    select
        *,
        greatest(
            least(found_value, coalesce(clip_high, found_value)),
            coalesce(clip_low, found_value)
        ) as clipped_value
    from found
),

prepared as (
    select
        as_of_date,
        segmentation,
        customer_id,
        feature,
        (
            case transform
                when 'log1p' then sign(clipped_value) * ln(1 + abs(clipped_value))
                else clipped_value
            end
            - centre
        ) / scale * weight as prepared_value
    from clipped
),

vectors as (
    select
        as_of_date,
        segmentation,
        customer_id,
        {{ ordered_array("prepared_value", "feature") }} as coordinates
    from prepared
    group by as_of_date, segmentation, customer_id
)

select * from vectors
