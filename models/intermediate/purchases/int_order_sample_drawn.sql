with orders as (
    select * from {{ ref('int_orders_aggregated') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

listed as (
    select distinct orders.order_id
    from orders
    inner join as_of_dates
        on {{ is_within(
            "orders.ordered_on", "as_of_dates.as_of_date", setting("feature_window_days")
        ) }}
),

-- md5, because the engines' own hash functions differ.
ranked as (
    select
        order_id,
        cast(row_number() over (order by {{ dbt.hash("order_id") }}, order_id) as integer)
            as order_number
    from listed
),

drawn as (
    select * from ranked
    where order_number <= {{ setting("basket_orders") }}
),

measured as (
    select
        (select count(*) from drawn) as drawn_orders,
        (select count(*) from listed) as listed_orders
)

select
    drawn.order_id,
    drawn.order_number,
    {{ share_of("measured.drawn_orders", "measured.listed_orders") }} as sample_share
from drawn
cross join measured
