with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

product_days as (
    select min(active_on) as first_active_on
    from {{ ref('int_customer_product_days_aggregated') }}
),

cutoffs as (
    select
        {{ days_before("as_of_date", setting("offer_backtest_days")) }} as scored_on
    from as_of_dates
)

select
    as_of_date as scored_on,
    true as is_current
from as_of_dates
union all
-- Before the first purchase there is nothing to foretell from.
select
    cutoffs.scored_on,
    false as is_current
from cutoffs
inner join product_days on cutoffs.scored_on > product_days.first_active_on
