with populations as (
    select * from {{ ref('int_segmentation_populations_assigned') }}
),

learned as (
    select * from {{ ref('scored_learned_segments') }}
),

rfm as (
    select * from {{ ref('scored_customer_rfm') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
),

scored as (
    select
        populations.as_of_date,
        populations.segmentation,
        populations.customer_id,
        models.model_version,
        case
            when populations.standing <> 'eligible' then populations.standing
            when models.algorithm = 'rules' then rfm.rfm_segment
            else learned.segment_key
        end as segment_key,
        learned.runner_up_segment_key,
        learned.distance,
        learned.confidence
    from populations
    inner join models
        on populations.segmentation = models.segmentation and models.is_available
    left join learned
        on
            populations.as_of_date = learned.as_of_date
            and populations.segmentation = learned.segmentation
            and populations.customer_id = learned.customer_id
    left join rfm
        on
            populations.as_of_date = rfm.as_of_date
            and populations.customer_id = rfm.customer_id
)

select * from scored
