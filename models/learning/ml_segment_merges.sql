with parameters as (
    {{ active_segment_parameters("merge") }}
),

dendrogram as (
    select
        segmentation,
        model_version,
        cast(item as bigint) as step,
        max(case when name = 'left_node' then value_text end) as left_node,
        max(case when name = 'right_node' then value_text end) as right_node,
        max(case when name = 'segment_keys' then value_text end) as segment_keys,
        max(case when name = 'height' then value_number end) as height
    from parameters
    group by segmentation, model_version, item
)

select * from dendrogram
