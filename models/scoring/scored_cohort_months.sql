with cohorts as (
    select * from {{ ref('int_customer_cohorts_costed') }}
),

margins as (
    select * from {{ ref('int_customer_margins_summed') }}
),

segments as (
    select * from {{ ref('scored_customer_segments') }}
),

costs as (
    select * from {{ ref('int_acquisition_costs_summed') }}
),

segmentations as (
    select distinct segmentation from {{ ref('scored_segment_names') }}
),

cohort_starts as (
    select distinct cohort_on from cohorts
),

members as (
    select
        segments.segmentation,
        segments.segment_key,
        cohorts.*
    from cohorts
    inner join segments
        on
            cohorts.customer_id = segments.customer_id
            and cohorts.as_of_date = segments.as_of_date
),

sized as (
    select
        segmentation,
        segment_key,
        count(*) as customers,
        sum(case when is_retained then 1 else 0 end) as retained_customers,
        sum(coalesce(acquisition_cost_amount, 0)) as acquisition_cost_amount,
        cohort_on
    from members
    group by segmentation, segment_key, cohort_on

    union all

    -- Money spent in a month that brought nobody would be missed otherwise.
    select
        segmentations.segmentation,
        'no_new_customers' as segment_key,
        0 as customers,
        0 as retained_customers,
        costs.cost_amount as acquisition_cost_amount,
        costs.month_on as cohort_on
    from costs
    cross join segmentations
    left join cohort_starts on costs.month_on = cohort_starts.cohort_on
    where cohort_starts.cohort_on is null
),

monthly as (
    select
        members.segmentation,
        members.segment_key,
        margins.months_since_cohort,
        sum(margins.margin_amount) as margin_amount,
        sum(margins.assumed_day_count) as assumed_day_count,
        sum(margins.day_count) as day_count,
        members.cohort_on
    from members
    inner join margins on members.customer_id = margins.customer_id
    group by
        members.segmentation,
        members.segment_key,
        margins.months_since_cohort,
        members.cohort_on
)

select
    sized.segmentation,
    sized.segment_key,
    monthly.months_since_cohort,
    sized.customers,
    sized.retained_customers,
    monthly.assumed_day_count,
    monthly.day_count,
    {{ as_amount("sized.acquisition_cost_amount") }} as acquisition_cost_amount,
    {{ as_amount("coalesce(monthly.margin_amount, 0)") }} as margin_amount,
    sized.cohort_on
from sized
left join monthly
    on
        sized.segmentation = monthly.segmentation
        and sized.segment_key = monthly.segment_key
        and sized.cohort_on = monthly.cohort_on
