with curves as (
    select * from {{ ref('ml_response_curves') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

active as (
    select curves.*
    from curves
    inner join as_of_dates on curves.as_of_date = cast(as_of_dates.as_of_date as string)
    where curves.connector = '{{ var("connector") }}'
)

select
    segmentation,
    segment_key,
    draw,
    curve,
    evidence,
    status,
    reason,
    periods,
    lowest_spend_amount,
    highest_spend_amount,
    mean_spend_amount,
    baseline_margin_amount,
    a,
    b,
    a_standard_error,
    b_standard_error
from active
