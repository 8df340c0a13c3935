with parameters as (
    {{ active_segment_parameters("lineage") }}
),

lineage as (
    select
        segmentation,
        model_version,
        max(case when name = 'event' then value_text end) as lineage_event,
        max(case when name = 'previous_segment_key' then value_text end)
            as previous_segment_key,
        max(case when name = 'segment_key' then value_text end) as segment_key,
        max(case when name = 'share_of_previous' then value_number end) as share_of_previous,
        max(case when name = 'share_of_segment' then value_number end) as share_of_segment
    from parameters
    group by segmentation, model_version, item
)

select * from lineage
