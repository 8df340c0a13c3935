{#- A cost known for less of the revenue would speak for a selection of it. -#}
{%- set minimum_known_share = 0.9 -%}

with customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

summed as (
    select
        sum(customer_days.net_amount) as net_amount,
        sum(customer_days.costed_net_amount) as costed_amount,
        sum(customer_days.cost_amount - customer_days.assumed_cost_amount) as cost_amount
    from customer_days
    inner join as_of_dates
        on {{ is_within("customer_days.active_on", "as_of_dates.as_of_date", 365) }}
),

measured as (
    select
        case
            when {{ share_of("costed_amount", "net_amount") }} >= {{ minimum_known_share }}
                then round(1 - {{ share_of("cost_amount", "costed_amount") }}, 9)
        end as measured_share
    from summed
)

select
    coalesce(measured_share, {{ setting("assumed_margin_share") }}) as margin_share,
    case when measured_share is null then 'assumed' else 'measured' end as margin_basis
from measured
