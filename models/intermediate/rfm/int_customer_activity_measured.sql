{%- set active_days = setting("active_within_days") or setting("risk_horizon_days") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

measured as (
    select * from {{ ref('int_customer_rfm_measured') }}
),

-- The current month may not be over.
months as (
    select
        as_of_date as ended_before_on,
        {{ first_day_of_month(days_before("as_of_date", 1)) }} as month_on
    from as_of_dates
),

active as (
    select
        as_of_date,
        customer_id
    from measured
    where recency_days <= {{ active_days }}
)

select
    active.customer_id,
    max(case when active.as_of_date = months.month_on then 1 else 0 end) = 1 as was_active,
    max(case when active.as_of_date = months.ended_before_on then 1 else 0 end) = 1 as is_active,
    months.month_on
from active
inner join months
    on active.as_of_date = months.month_on or active.as_of_date = months.ended_before_on
group by active.customer_id, months.month_on
