{%- set window_days = setting("feature_window_days") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

shopping_days as (
    select
        as_of_dates.as_of_date,
        customer_days.customer_id,
        customer_days.active_on,
        lag(customer_days.active_on) over (
            partition by as_of_dates.as_of_date, customer_days.customer_id
            order by customer_days.active_on
        ) as previous_active_on
    from as_of_dates
    inner join customer_days
        on
            {{ is_within("customer_days.active_on", "as_of_dates.as_of_date", window_days) }}
    where
        customer_days.customer_id is not null
        and customer_days.sale_order_count > 0
),

intervals as (
    select
        as_of_date,
        customer_id,
        {{ dbt.datediff("previous_active_on", "active_on", "day") }}             as interval_days
    from shopping_days
),

summed as (
    select
        as_of_date,
        customer_id,
        count(*) as shopping_days,
        count(interval_days) as intervals,
        cast(sum(interval_days) as double) as total_days,
        cast(sum(interval_days * interval_days) as double) as total_squared_days
    from intervals
    group by as_of_date, customer_id
),

features as (
    select
        as_of_date,
        customer_id,
        total_days / intervals as mean_interval_days,
        -- Population standard deviation over mean, from exact sums of whole days.
        sqrt(greatest(intervals * total_squared_days - total_days * total_days, 0))
        / total_days as interval_variation
    from summed
    where shopping_days >= {{ setting("minimum_orders_for_rhythm") }}
)

select * from features
