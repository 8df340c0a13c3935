with exemplar_parameters as (
    {{ active_segment_parameters("exemplar") }}
),

segment_parameters as (
    {{ active_segment_parameters("exemplar_segment") }}
),

coordinates as (
    select
        segmentation,
        model_version,
        item,
        {{ ordered_array("value_number", "name") }} as coordinates
    from exemplar_parameters
    group by segmentation, model_version, item
),

placements as (
    select
        segmentation,
        item,
        max(case when name = 'segment_key' then value_text end) as segment_key,
        max(case when name = 'radius' then value_number end) as radius,
        max(case when name = 'sample_share' then value_number end) as sample_share
    from segment_parameters
    group by segmentation, item
),

exemplars as (
    select
        coordinates.segmentation,
        coordinates.model_version,
        coordinates.item as exemplar,
        placements.segment_key,
        placements.radius,
        placements.sample_share,
        coordinates.coordinates
    from coordinates
    inner join placements
        on
            coordinates.segmentation = placements.segmentation
            and coordinates.item = placements.item
)

select * from exemplars
