with allocations as (
    select * from {{ ref('scored_budget_allocations') }}
),

segments as (
    select * from {{ ref('scored_budget_segments') }}
),

scenarios as (
    select * from {{ ref('budget_scenarios') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
)

select
    allocations.scenario,
    scenarios.description as scenario_description,
    allocations.segmentation,
    allocations.segment_key,
    segments.segment_name,
    allocations.curve,
    allocations.evidence,
    allocations.response_status,
    allocations.status,
    allocations.reason,
    allocations.binding_constraint,
    '{{ setting("reporting_currency") }}' as currency_code,
    cast(allocations.horizon_days as bigint) as horizon_days,
    {%- for name in ["total", "unspent", "current_spend", "recommended_spend"] %}
    {{ as_amount("allocations." ~ name ~ "_amount") }} as {{ name }}_amount,
    {%- endfor %}
    {{ as_amount("allocations.recommended_spend_amount") }}
    - {{ as_amount("allocations.current_spend_amount") }} as change_amount,
    {%- for name in [
        "floor", "cap", "spend_low", "spend_high", "expected_margin", "expected_margin_gain",
        "low", "high", "equal_split_margin", "current_split_margin",
        "proportional_split_margin", "value_of_more"
    ] %}
    {{ as_amount("allocations." ~ name ~ "_amount") }} as {{ name }}_amount,
    {%- endfor %}
    allocations.current_marginal_return,
    allocations.recommended_marginal_return,
    allocations.next_marginal_return,
    allocations.probability_marginal_return_above_one,
    as_of_dates.as_of_date
from allocations
cross join as_of_dates
inner join segments on allocations.segment_key = segments.segment_key
inner join scenarios on allocations.scenario = scenarios.scenario
