with parameters as (
    {{ active_segment_parameters("feature") }}
),

features as (
    select
        segmentation,
        model_version,
        item as feature,
        -- Another feature where this one is a missing flag.
        coalesce(max(case when name = 'source_feature' then value_text end), item)
            as source_feature,
        max(case when name = 'family' then value_text end) as family,
        max(case when name = 'kind' then value_text end) as kind,
        max(case when name = 'transform' then value_text end) as transform,
        max(case when name = 'reason' then value_text end) as reason,
        max(case when name = 'phrase_high' then value_text end) as phrase_high,
        max(case when name = 'phrase_low' then value_text end) as phrase_low,
        max(case when name = 'missing_share' then value_number end) as missing_share,
        max(case when name = 'impute_value' then value_number end) as impute_value,
        max(case when name = 'clip_low' then value_number end) as clip_low,
        max(case when name = 'clip_high' then value_number end) as clip_high,
        max(case when name = 'centre' then value_number end) as centre,
        max(case when name = 'scale' then value_number end) as scale,
        max(case when name = 'weight' then value_number end) as weight,
        max(case when name = 'is_selected' then value_number end) = 1 as is_selected
    from parameters
    group by segmentation, model_version, item
)

select * from features
