with customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

revenue as (
    select
        customer_days.customer_id,
        {{ as_amount("sum(customer_days.net_amount)") }} as net_revenue_amount
    from customer_days
    inner join as_of_dates
        on customer_days.active_on < as_of_dates.as_of_date and as_of_dates.is_current
    group by customer_days.customer_id
)

select * from revenue
