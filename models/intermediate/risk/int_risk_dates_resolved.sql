{%- set horizon = setting("risk_horizon_days") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

customer_days as (
    select min(active_on) as first_active_on
    from {{ ref('int_customer_days_aggregated') }}
),

-- The last cut-off is the last date whose horizon has passed.
cutoffs as (
    {%- for number in range(setting("risk_cutoffs")) %}
    select
        {{ days_before("as_of_date", horizon + number * (horizon // 2)) }} as scored_on
    from as_of_dates
    where is_current
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Before one and a half horizons there is nothing to compare with.
provable_cutoffs as (
    select cutoffs.scored_on
    from cutoffs
    inner join customer_days
        on
            customer_days.first_active_on
            <= {{ days_before("cutoffs.scored_on", horizon * 3 // 2) }}
),

dates as (
    select
        as_of_date as scored_on,
        is_current,
        false as is_cutoff
    from as_of_dates
    where is_watched
    union all
    select
        scored_on,
        false as is_current,
        true as is_cutoff
    from provable_cutoffs
),

-- A cut-off may be a month start too.
resolved as (
    select
        scored_on,
        max(case when is_current then 1 else 0 end) = 1 as is_current,
        max(case when is_cutoff then 1 else 0 end) = 1 as is_cutoff,
        max(case when is_cutoff then 0 else 1 end) = 1 as is_scored_for_all
    from dates
    group by scored_on
)

select * from resolved
