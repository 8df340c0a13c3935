with segmentations as (
    select * from {{ ref('segmentations') }}
),

learned as (
    select * from {{ ref('ml_active_segment_models') }}
),

cut_points as (
    select * from {{ ref('ml_active_rfm_cut_points') }}
),

revenue as (
    select count(*) as customers from {{ ref('scored_customer_revenue') }}
),

models as (
    select
        segmentations.segmentation,
        coalesce(learned.algorithm, segmentations.algorithm) as algorithm,
        learned.structure,
        -- Where nobody bought anything of value there are no cut points to be a version.
        coalesce(
            learned.model_version,
            cut_points.model_version,
            case when segmentations.algorithm = 'rules' then 'rules' end
        ) as model_version,
        case
            when segmentations.algorithm <> 'rules' then learned.reason
            when revenue.customers = 0 then 'There is no transaction before the as-of date.'
            when cut_points.model_version is null
                then 'Nobody has bought anything before the as-of date: all are no_purchase.'
            else 'Named by the score ranges of the seed rfm_segments.'
        end as reason,
        -- Rules place everybody as soon as there is money to place.
        coalesce(learned.is_available, revenue.customers > 0) as is_available,
        coalesce(learned.fitted_as_of, cut_points.fitted_as_of) as fitted_as_of
    from segmentations
    cross join revenue
    left join learned
        on
            segmentations.segmentation = learned.segmentation
            and segmentations.algorithm = 'learned'
    left join cut_points on segmentations.algorithm = 'rules'
),

ranked as (
    select
        *,
        -- What stands in for a primary segmentation that is not available.
        row_number() over (
            order by
                case when is_available then 0 else 1 end,
                case when segmentation = '{{ setting("primary_segmentation") }}' then 0 else 1 end,
                case when algorithm = 'rules' then 0 else 1 end,
                segmentation
        ) = 1 as is_primary
    from models
)

select * from ranked
