with parameters as (
    {{ active_segment_parameters("exemplar") }}
),

exemplars as (
    select
        segmentation,
        model_version,
        item as segment_key,
        {{ ordered_array("value_number", "name") }} as coordinates
    from parameters
    group by segmentation, model_version, item
)

select * from exemplars
