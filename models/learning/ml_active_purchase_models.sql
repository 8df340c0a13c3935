with parameters as (
    select * from {{ ref('ml_purchase_parameters') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

risk_dates as (
    select * from {{ ref('int_risk_dates_resolved') }}
),

current_parameters as (
    select
        parameters.*,
        cast(parameters.scored_on as date) as learned_on
    from parameters
    inner join as_of_dates
        on
            cast(parameters.as_of_date as date) = as_of_dates.as_of_date
            and as_of_dates.is_current
    where
        parameters.connector = '{{ var("connector") }}'
        and parameters.is_used
),

-- In force on a date is what was learned last, from nothing later than it.
ranked as (
    select
        risk_dates.scored_on,
        current_parameters.learned_on,
        current_parameters.model,
        current_parameters.status,
        current_parameters.reason,
        current_parameters.model_version,
        current_parameters.r,
        current_parameters.alpha,
        current_parameters.a,
        current_parameters.b,
        current_parameters.p,
        current_parameters.q,
        current_parameters.gamma,
        current_parameters.order_value_status,
        current_parameters.is_independent,
        current_parameters.population_mean_amount,
        row_number() over (
            partition by risk_dates.scored_on order by current_parameters.learned_on desc
        ) as age_rank
    from risk_dates
    inner join current_parameters
        on risk_dates.scored_on >= current_parameters.learned_on
    where current_parameters.r is not null
),

active as (
    select * from ranked
    where age_rank = 1
)

select * from active
