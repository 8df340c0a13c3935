with parameters as (
    {{ active_segment_parameters("segment") }}
),

segments as (
    select
        segmentation,
        model_version,
        item as segment_key,
        max(case when name = 'segment_name' then value_text end) as segment_name,
        max(case when name = 'description' then value_text end) as description
    from parameters
    group by segmentation, model_version, item
)

select * from segments
