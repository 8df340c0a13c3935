{%- set window_days = setting("feature_window_days") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

orders as (
    select * from {{ ref('int_orders_aggregated') }}
),

visits as (
    select
        as_of_dates.as_of_date,
        orders.customer_id,
        orders.location_id,
        lag(orders.location_id) over (
            partition by as_of_dates.as_of_date, orders.customer_id
            order by orders.ordered_on, orders.ordered_at, orders.order_id
        ) as previous_location_id
    from as_of_dates
    inner join orders
        on
            {{ is_within("orders.ordered_on", "as_of_dates.as_of_date", window_days) }}
    where
        orders.customer_id is not null
        and orders.location_id is not null
        and not orders.is_automatic
),

stores as (
    select
        as_of_date,
        customer_id,
        location_id,
        count(*) as visits,
        count(previous_location_id) as moves,
        sum(case when location_id <> previous_location_id then 1 else 0 end)
            as switches,
        row_number() over (
            partition by as_of_date, customer_id
            order by count(*) desc, location_id
        ) as store_rank
    from visits
    group by as_of_date, customer_id, location_id
),

customers as (
    select
        as_of_date,
        customer_id,
        max(case when store_rank = 1 then location_id end) as home_location_id,
        {{ share_of("max(case when store_rank = 1 then visits end)", "sum(visits)") }}
            as home_store_share,
        cast(count(*) as double) as location_count,
        {{ share_of("sum(switches)", "sum(moves)") }} as store_switch_share
    from stores
    group by as_of_date, customer_id
),

features as (
    select
        as_of_date,
        customer_id,
        home_location_id,
        home_store_share,
        location_count,
        store_switch_share,
        cast(count(*) over (partition by as_of_date, home_location_id) as double)
            as home_store_customer_count
    from customers
)

select * from features
