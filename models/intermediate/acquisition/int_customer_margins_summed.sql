with customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

cohorts as (
    select * from {{ ref('int_customer_cohorts_costed') }}
),

costed_days as (
    select
        cohorts.customer_id,
        12 * (extract(year from customer_days.active_on) - extract(year from cohorts.cohort_on))
        + extract(month from customer_days.active_on)
        - extract(month from cohorts.cohort_on) as months_since_cohort,
        customer_days.net_amount - customer_days.cost_amount as margin_amount,
        customer_days.assumed_cost_amount <> 0 as is_assumed
    from cohorts
    inner join
        customer_days
        on
            cohorts.customer_id = customer_days.customer_id
            and cohorts.as_of_date > customer_days.active_on
)

select
    customer_id,
    -- A return of what was bought before the data begin is the first month's.
    greatest(months_since_cohort, 0) as months_since_cohort,
    {{ as_amount("sum(margin_amount)") }} as margin_amount,
    sum(case when is_assumed then 1 else 0 end) as assumed_day_count,
    count(*) as day_count
from costed_days
group by customer_id, greatest(months_since_cohort, 0)
