with models as (
    select * from {{ ref('scored_segmentation_models') }}
),

features as (
    select
        segmentation,
        count(*) as features_used
    from {{ ref('ml_segment_features') }}
    where is_selected
    group by segmentation
),

-- A score takes part where the rules draw a line through it.
rules as (
    select
        case when count(distinct recency_from) > 1 then 1 else 0 end
        + case when count(distinct frequency_from) > 1 then 1 else 0 end
        + case when count(distinct monetary_from) > 1 then 1 else 0 end as features_used
    from {{ ref('rfm_segments') }}
),

customers as (
    select
        segmentation,
        count(*) as customers_scored
    from {{ ref('customer_segments') }}
    group by segmentation
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

segmentation_status as (
    select
        models.segmentation,
        case
            when not models.is_available then 'not_available'
            when models.structure = 'none' then 'no_clear_structure'
            else 'available'
        end as status,
        models.reason,
        models.algorithm,
        models.model_version,
        cast(
            case
                when models.algorithm = 'rules' then rules.features_used
                else coalesce(features.features_used, 0)
            end as bigint
        ) as features_used,
        cast(coalesce(customers.customers_scored, 0) as bigint) as customers_scored,
        models.fitted_as_of,
        as_of_dates.as_of_date
    from models
    inner join as_of_dates on as_of_dates.is_current
    cross join rules
    left join features on models.segmentation = features.segmentation
    left join customers on models.segmentation = customers.segmentation
)

select * from segmentation_status
