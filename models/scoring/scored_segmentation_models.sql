with segmentations as (
    select * from {{ ref('segmentations') }}
),

learned as (
    select * from {{ ref('ml_active_segment_models') }}
),

cut_points as (
    select * from {{ ref('ml_active_rfm_cut_points') }}
),

models as (
    select
        segmentations.segmentation,
        coalesce(learned.algorithm, segmentations.algorithm) as algorithm,
        coalesce(learned.model_version, cut_points.model_version) as model_version,
        case
            when segmentations.algorithm <> 'rules' then learned.reason
            when cut_points.model_version is null
                then 'Nobody has bought anything before the as-of date.'
            else 'Named by the score ranges of the seed rfm_segments.'
        end as reason,
        coalesce(learned.is_available, cut_points.model_version is not null)
            as is_available,
        coalesce(learned.fitted_as_of, cut_points.fitted_as_of) as fitted_as_of
    from segmentations
    left join learned
        on
            segmentations.segmentation = learned.segmentation
            and segmentations.algorithm = 'learned'
    left join cut_points on segmentations.algorithm = 'rules'
)

select * from models
