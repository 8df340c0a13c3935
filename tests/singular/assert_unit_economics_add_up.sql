-- Every segmentation tells of all new customers of a month, of all that they earned, and of
-- every cent that the month's acquisition cost.
with cohorts as (
    select
        cohort_on,
        count(*) as customers
    from {{ ref('int_customer_cohorts_costed') }}
    group by cohort_on
),

costs as (
    select * from {{ ref('int_acquisition_costs_summed') }}
),

expected as (
    select
        coalesce(cohorts.cohort_on, costs.month_on) as cohort_on,
        coalesce(cohorts.customers, 0) as customers,
        coalesce(costs.cost_amount, 0) as cost_amount
    from cohorts
    full join costs on cohorts.cohort_on = costs.month_on
),

segmentations as (
    select distinct segmentation from {{ ref('scored_segment_names') }}
),

told as (
    select
        segmentation,
        cohort_on,
        sum(customers) as customers,
        sum(coalesce(acquisition_cost_amount, 0)) as cost_amount
    from {{ ref('segment_unit_economics') }}
    group by segmentation, cohort_on
)

select
    segmentations.segmentation,
    expected.cohort_on,
    expected.customers as expected_customers,
    told.customers,
    expected.cost_amount as expected_cost_amount,
    told.cost_amount
from segmentations
cross join expected
full join told
    on
        segmentations.segmentation = told.segmentation
        and expected.cohort_on = told.cohort_on
where
    coalesce(expected.customers, 0) <> coalesce(told.customers, 0)
    or coalesce(expected.cost_amount, 0) <> coalesce(told.cost_amount, 0)
