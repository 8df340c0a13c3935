{%- set weeks = setting("budget_horizon_days") ~ "e0 / 7" -%}

with levels as (
    select * from {{ ref('scored_response_levels') }}
),

curves as (
    select * from {{ ref('ml_active_response_curves') }}
),

segments as (
    select * from {{ ref('scored_budget_segments') }}
    where is_open
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

drawn as (
    select
        levels.segment_key,
        levels.step,
        {{ response_margin("levels.curve", "curves.a", "curves.b", "levels.spend_amount", weeks) }}
            as margin_amount
    from levels
    inner join curves on levels.segment_key = curves.segment_key and curves.draw > 0
),

ranges as (
    select
        segment_key,
        step,
        percentile_cont(0.05) within group (order by margin_amount) as low_amount,
        percentile_cont(0.95) within group (order by margin_amount) as high_amount
    from drawn
    group by segment_key, step
)

select
    levels.segmentation,
    levels.segment_key,
    segments.segment_name,
    curves.curve,
    curves.evidence as parameter_source,
    curves.status,
    curves.reason,
    '{{ setting("reporting_currency") }}' as currency_code,
    cast({{ setting("budget_horizon_days") }} as bigint) as horizon_days,
    levels.spend_amount,
    levels.expected_margin_amount,
    {{ as_amount("ranges.low_amount") }} as low_amount,
    {{ as_amount("ranges.high_amount") }} as high_amount,
    levels.is_observed_range,
    as_of_dates.as_of_date
from levels
cross join as_of_dates
inner join segments on levels.segment_key = segments.segment_key
inner join curves on levels.segment_key = curves.segment_key and curves.draw = 0
inner join ranges on levels.segment_key = ranges.segment_key and levels.step = ranges.step
