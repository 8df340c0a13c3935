{%- set window_days = setting("rfm_window_days") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

orders as (
    select * from {{ ref('int_orders_aggregated') }}
),

known_orders as (
    select
        as_of_dates.as_of_date,
        orders.*,
        {{ is_within("orders.ordered_on", "as_of_dates.as_of_date", window_days) }}
            as is_in_window
    from as_of_dates
    inner join orders
        on
            as_of_dates.as_of_date > orders.ordered_on
            and orders.customer_id is not null
),

measured as (
    select
        as_of_date,
        customer_id,
        min(case when sale_amount > 0 then ordered_on end) as first_order_on,
        max(case when sale_amount > 0 then ordered_on end) as last_order_on,
        count(distinct case when is_in_window and net_amount > 0 then order_id end)
            as frequency,
        {{ as_amount("sum(case when is_in_window then net_amount else 0 end)") }}
            as monetary_amount
    from known_orders
    group by as_of_date, customer_id
),

rfm as (
    select
        as_of_date,
        customer_id,
        {{ dbt.datediff("last_order_on", "as_of_date", "day") }}             as recency_days,
        frequency,
        monetary_amount,
        first_order_on,
        last_order_on
    from measured
    -- Who only had orders without value never bought.
    where last_order_on is not null
)

select * from rfm
