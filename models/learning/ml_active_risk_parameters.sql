with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

parameters as (
    select
        *,
        true as is_behaviour
    from {{ ref('ml_risk_parameters') }}
    union all
    select
        *,
        false as is_behaviour
    from {{ ref('ml_outcome_parameters') }}
),

active as (
    select
        parameters.is_behaviour,
        parameters.target,
        parameters.model_version,
        parameters.part,
        parameters.item,
        parameters.name,
        parameters.value_number,
        parameters.value_text,
        cast(parameters.scored_on as date) as learned_on
    from parameters
    inner join as_of_dates
        on
            cast(parameters.as_of_date as date) = as_of_dates.as_of_date
            and as_of_dates.is_current
    where parameters.connector = '{{ var("connector") }}'
)

select * from active
