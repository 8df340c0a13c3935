with parameters as (
    select * from {{ ref('ml_segment_parameters') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

drift as (
    select
        parameters.segmentation,
        parameters.model_version,
        parameters.item as feature,
        max(
            case
                when parameters.name = 'population_stability_index'
                    then parameters.value_number
            end
        ) as population_stability_index,
        max(case when parameters.name = 'is_drifted' then parameters.value_number end)
        = 1 as is_drifted
    from parameters
    inner join as_of_dates
        on
            cast(parameters.as_of_date as date) = as_of_dates.as_of_date
            and as_of_dates.is_current
    where
        parameters.part = 'drift'
        and parameters.item <> ''
        and parameters.connector = '{{ var("connector") }}'
    group by parameters.segmentation, parameters.model_version, parameters.item
)

select * from drift
