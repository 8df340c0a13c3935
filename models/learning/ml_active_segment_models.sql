with parameters as (
    select * from {{ ref('ml_segment_parameters') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

current_parameters as (
    select parameters.*
    from parameters
    inner join as_of_dates
        on
            cast(parameters.as_of_date as date) = as_of_dates.as_of_date
            and as_of_dates.is_current
    where
        parameters.part = 'model'
        and parameters.connector = '{{ var("connector") }}'
),

active_models as (
    select
        connector,
        segmentation,
        model_version,
        max(case when name = 'algorithm' then value_text end) as algorithm,
        max(case when name = 'status' then value_text end) as status,
        max(case when name = 'structure' then value_text end) as structure,
        max(case when name = 'reason' then value_text end) as reason,
        cast(max(case when name = 'segment_count' then value_number end) as bigint)
            as segment_count,
        max(case when name = 'status' then value_text end) in ('fitted', 'kept')
            as is_available,
        cast(max(case when name = 'fitted_as_of' then value_text end) as date)
            as fitted_as_of
    from current_parameters
    group by connector, segmentation, model_version
),

-- A version that waits for promotion stands beside the one in force.
in_force as (
    select * from active_models
    where status <> 'pending'
)

select * from in_force
