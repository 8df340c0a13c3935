with dates as (
    select * from {{ ref('int_risk_dates_resolved') }}
),

sample as (
    select * from {{ ref('int_risk_sample_drawn') }}
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

numbered as (
    select
        customer_days.*,
        sample.customer_id is not null as is_sampled,
        row_number() over (
            partition by customer_days.customer_id order by customer_days.active_on
        ) = 1 as is_first
    from customer_days
    left join sample on customer_days.customer_id = sample.customer_id
    where customer_days.customer_id is not null and customer_days.sale_order_count > 0
),

-- Past cut-offs are for learning and proof: of the sample only.
dated as (
    select
        dates.scored_on,
        dates.is_cutoff and numbered.is_sampled as is_example,
        numbered.*,
        {{ dbt.datediff("numbered.active_on", "dates.scored_on", "day") }} as days_ago
    from dates
    inner join numbered
        on
            dates.scored_on > numbered.active_on
            and (dates.is_scored_for_all or numbered.is_sampled)
)

select
    scored_on,
    customer_id,
    is_example,
    is_first,
    days_ago,
    line_count,
    gross_amount,
    discount_amount,
    net_amount,
    active_on
from dated
