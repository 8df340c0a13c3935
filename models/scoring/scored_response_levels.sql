{%- set weeks = setting("budget_horizon_days") ~ "e0 / 7" -%}

with curves as (
    select * from {{ ref('ml_active_response_curves') }}
    where draw = 0
),

steps as (
    {{ dbt.generate_series(21) }}
),

-- A week of twice the highest spend that was seen, in steps of a tenth of the latter; where
-- none was, the scale of the curve stands for it.
highest as (
    select
        *,
        coalesce(nullif(highest_spend_amount, 0), b, 0e0) as reach
    from curves
),

levels as (
    select
        highest.segmentation,
        highest.segment_key,
        highest.curve,
        highest.a,
        highest.b,
        highest.lowest_spend_amount * {{ weeks }} as lowest_spend_amount,
        highest.highest_spend_amount * {{ weeks }} as highest_spend_amount,
        cast(steps.generated_number as bigint) - 1 as step,
        {{ as_amount(
            "highest.reach * " ~ weeks ~ " * (cast(steps.generated_number as double) - 1) / 10e0"
        ) }} as spend_amount
    from highest
    cross join steps
    where highest.reach > 0 or steps.generated_number = 1
)

select
    segmentation,
    segment_key,
    curve,
    step,
    spend_amount,
    {{ as_amount(response_margin("curve", "a", "b", "spend_amount", weeks)) }}
        as expected_margin_amount,
    coalesce(
        spend_amount between lowest_spend_amount - 0.005 and highest_spend_amount + 0.005,
        false
    ) as is_observed_range
from levels
