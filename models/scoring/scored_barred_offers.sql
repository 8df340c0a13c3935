with failed as (
    select * from {{ ref('scored_failed_offer_rules') }}
),

ruled as (
    select * from {{ ref('scored_ruled_offers') }}
    where level = '{{ setting("offer_level") }}'
),

dates as (
    select * from {{ ref('int_offer_dates_resolved') }}
    where is_current
)

-- At a cut-off nobody is barred: rules and what they look at are those of today.
select distinct
    dates.scored_on,
    ruled.level,
    failed.customer_id,
    ruled.item
from dates
cross join failed
inner join ruled on failed.rule = ruled.rule
