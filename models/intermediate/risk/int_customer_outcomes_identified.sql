with outcomes as (
    select * from {{ ref('input_customer_outcomes') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

known as (
    select
        coalesce(identified.customer_id, outcomes.customer_id) as customer_id,
        outcomes.outcome,
        outcomes.value,
        outcomes.occurred_on,
        row_number() over (
            partition by
                coalesce(identified.customer_id, outcomes.customer_id),
                outcomes.outcome
            order by
                coalesce(outcomes.occurred_on, cast('1900-01-01' as date)) desc,
                outcomes.value desc,
                outcomes.customer_id asc
        ) as recency_rank
    from outcomes
    inner join as_of_dates
        on coalesce(outcomes.occurred_on < as_of_dates.as_of_date, true)
    left join identified on outcomes.customer_id = identified.source_customer_id
)

select
    customer_id,
    outcome,
    value,
    occurred_on
from known
where recency_rank = 1
