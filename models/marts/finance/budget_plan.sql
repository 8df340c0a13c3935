with plans as (
    select * from {{ ref('scored_budget_plans') }}
),

segments as (
    select * from {{ ref('scored_budget_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
)

select
    plans.scenario,
    plans.segmentation,
    plans.segment_key,
    segments.segment_name,
    plans.status,
    plans.reason,
    plans.binding_constraint,
    '{{ setting("reporting_currency") }}' as currency_code,
    cast(plans.horizon_days as bigint) as horizon_days,
    plans.total_change_share,
    {{ as_amount("plans.total_amount") }} as total_amount,
    {{ as_amount("plans.unspent_amount") }} as unspent_amount,
    {{ as_amount("plans.current_spend_amount") }} as current_spend_amount,
    {{ as_amount("plans.recommended_spend_amount") }} as spend_amount,
    {{ as_amount("plans.expected_margin_amount") }} as expected_margin_amount,
    {{ as_amount("plans.value_of_more_amount") }} as value_of_more_amount,
    plans.recommended_marginal_return as marginal_return,
    as_of_dates.as_of_date
from plans
cross join as_of_dates
inner join segments on plans.segment_key = segments.segment_key
