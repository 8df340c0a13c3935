with parameters as (
    select * from {{ ref('ml_segment_parameters') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

builds as (
    select
        parameters.segmentation,
        parameters.model_version,
        cast(parameters.as_of_date as date) as as_of_date,
        max(case when parameters.name = 'status' then parameters.value_text end) as status,
        max(case when parameters.name = 'reason' then parameters.value_text end) as reason,
        max(case when parameters.name = 'algorithm' then parameters.value_text end)
            as algorithm,
        max(case when parameters.name = 'structure' then parameters.value_text end)
            as structure,
        max(case when parameters.name = 'segment_count' then parameters.value_number end)
            as segment_count,
        max(
            case
                when parameters.name = 'agreement_with_previous'
                    then parameters.value_number
            end
        ) as agreement_with_previous,
        max(case when parameters.name = 'pending_builds' then parameters.value_number end)
            as pending_builds,
        cast(
            max(case when parameters.name = 'fitted_as_of' then parameters.value_text end)
            as date
        ) as fitted_as_of
    from parameters
    inner join as_of_dates
        on
            cast(parameters.as_of_date as date) <= as_of_dates.as_of_date
            and as_of_dates.is_current
    where parameters.part = 'model' and parameters.connector = '{{ var("connector") }}'
    group by
        parameters.segmentation,
        parameters.model_version,
        cast(parameters.as_of_date as date)
),

ranked as (
    select
        *,
        row_number() over (
            partition by segmentation, model_version order by as_of_date desc
        ) as recency_rank,
        max(as_of_date) over (partition by segmentation) as latest_as_of_date
    from builds
    where status <> 'not_fitted'
),

versions as (
    select
        segmentation,
        model_version,
        algorithm,
        structure,
        case
            when as_of_date < latest_as_of_date then 'retired'
            when status = 'pending' then 'pending'
            else 'promoted'
        end as status,
        reason,
        cast(segment_count as bigint) as segment_count,
        cast(pending_builds as bigint) as pending_builds,
        agreement_with_previous,
        fitted_as_of
    from ranked
    where recency_rank = 1
)

select * from versions
