with versions as (
    select * from {{ ref('ml_segment_versions') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

segment_model_registry as (
    select
        versions.segmentation,
        versions.model_version,
        versions.algorithm,
        versions.status,
        versions.reason,
        versions.segment_count as k,
        versions.agreement_with_previous,
        versions.fitted_as_of,
        as_of_dates.as_of_date
    from versions
    inner join as_of_dates on as_of_dates.is_current
)

select * from segment_model_registry
