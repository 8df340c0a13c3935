with contributions as (
    select * from {{ ref('scored_risk_contributions') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
)

select
    contributions.customer_id,
    contributions.target,
    contributions.feature,
    contributions.feature_value,
    contributions.contribution,
    as_of_dates.as_of_date
from contributions
cross join as_of_dates
