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
        {{ season_number("orders.ordered_on") }} as season_number,
        {{ season_number("orders.ordered_on") }} % 4 as season,
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
        count(
            distinct
            case
                when is_in_window and net_amount > 0 and not is_automatic then order_id
            end
        ) as frequency,
        {{ as_amount("sum(case when is_in_window then net_amount else 0 end)") }}
            as monetary_amount,
        {%- for season in range(4) %}
        sum(case when sale_amount > 0 and season = {{ season }} then 1 else 0 end)
        >= sum(case when sale_amount > 0 then 1 else 0 end)
        * {{ setting("usual_season_share") }} as has_season_{{ season }},
        {%- endfor %}
        max(case when sale_amount > 0 then season_number end) as last_season_number
    from known_orders
    group by as_of_date, customer_id
),

rfm as (
    select
        as_of_date,
        customer_id,
        {{ dbt.datediff("last_order_on", "as_of_date", "day") }}             as recency_days,
        -- Whole seasons between the last order and today, of those that are the customer's.
        cast(
            {%- for season in range(4) %}
            case
                when has_season_{{ season }}
                    then
                        -- The season that still lasts when the last order fell into it.
                        greatest(
                            floor(({{ season_number("as_of_date") }} - 1 - {{ season }}) / 4.0)
                            - floor((last_season_number - {{ season }}) / 4.0),
                            0
                        )
                else 0
            end
            {{- " +" if not loop.last }}
            {%- endfor %}
            as integer
        ) as recency_seasons,
        frequency,
        monetary_amount,
        first_order_on,
        last_order_on
    from measured
    -- Who only had orders without value never bought.
    where last_order_on is not null
)

select * from rfm
