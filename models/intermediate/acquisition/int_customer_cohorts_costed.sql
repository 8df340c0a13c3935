{%- set retention_days = setting("active_within_days") or setting("risk_horizon_days") -%}

with customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
    where customer_id is not null and sale_order_count > 0
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

costs as (
    select * from {{ ref('int_acquisition_costs_summed') }}
),

first_orders as (
    select
        customer_days.customer_id,
        as_of_dates.as_of_date,
        {{ first_day_of_month("min(customer_days.active_on)") }} as cohort_on,
        max(customer_days.active_on) as last_order_on
    from customer_days
    inner join as_of_dates on customer_days.active_on < as_of_dates.as_of_date
    group by customer_days.customer_id, as_of_dates.as_of_date
),

ranked as (
    select
        *,
        row_number() over (partition by cohort_on order by customer_id) as customer_rank,
        count(*) over (partition by cohort_on) as customers
    from first_orders
),

-- Equal shares leave a remainder of less than a cent each: the first by id get those cents.
in_cents as (
    select
        ranked.*,
        cast(costs.cost_amount * 100 as bigint) as month_cents,
        cast(costs.cost_amount * 100 as bigint) % ranked.customers as remaining_cents
    from ranked
    left join costs on ranked.cohort_on = costs.month_on
)

select
    customer_id,
    {{ as_amount(
        "0.01 * (cast((month_cents - remaining_cents) / customers as bigint)"
        " + case when customer_rank <= abs(remaining_cents)"
        " then cast(sign(remaining_cents) as bigint) else 0 end)"
    ) }} as acquisition_cost_amount,
    {{ is_within("last_order_on", "as_of_date", retention_days) }} as is_retained,
    cohort_on,
    as_of_date
from in_cents
