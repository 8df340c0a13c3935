{%- set window_days = setting("feature_window_days") -%}
{%- set trend_days = setting("trend_window_days") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

rfm as (
    select * from {{ ref('int_customer_rfm_measured') }}
),

orders as (
    select * from {{ ref('int_orders_aggregated') }}
),

known_orders as (
    select
        as_of_dates.as_of_date,
        orders.*,
        {{ is_within("orders.ordered_on", "as_of_dates.as_of_date", window_days) }}
        and not orders.is_automatic as is_in_window,
        {{ is_within("orders.ordered_on", "as_of_dates.as_of_date", trend_days) }}
            as is_in_last_trend_window,
        {{ is_within("orders.ordered_on", "as_of_dates.as_of_date", 2 * trend_days) }}
            as is_in_both_trend_windows
    from as_of_dates
    inner join orders
        on
            as_of_dates.as_of_date > orders.ordered_on
            and orders.customer_id is not null
),

summed as (
    select
        as_of_date,
        customer_id,
        sum(case when is_in_window then 1 else 0 end) as orders,
        sum(case when is_in_window and net_amount > 0 then 1 else 0 end) as paid_orders,
        sum(case when is_in_window and net_amount > 0 then net_amount end)
            as paid_amount,
        sum(case when is_in_window and net_amount > 0 then unit_count end)
            as paid_units,
        sum(case when is_in_window then gross_amount end) as gross_amount,
        sum(case when is_in_window then discount_amount end) as discount_amount,
        sum(
            case
                when is_in_window
                    and ordered_hour >= {{ setting("evening_starts_at_hour") }}
                    then 1
                else 0
            end
        ) as evening_orders,
        sum(case when is_in_window and ordered_weekday >= 6 then 1 else 0 end)
            as weekend_orders,
        sum(case when is_in_window and third_party_funded_amount > 0 then 1 else 0 end)
            as coupon_orders,
        sum(case when is_in_last_trend_window then net_amount else 0 end)
            as last_amount,
        sum(case when is_in_both_trend_windows then net_amount else 0 end)
            as both_amount
    from known_orders
    group by as_of_date, customer_id
),

features as (
    select
        rfm.as_of_date,
        rfm.customer_id,
        {{ share_of("summed.paid_amount", "summed.paid_orders") }} as mean_order_amount,
        {{ share_of("summed.paid_units", "summed.paid_orders") }} as mean_order_units,
        case
            -- Who came after the earlier window began has nothing to compare with.
            when
                rfm.first_order_on
                <= {{ days_before("rfm.as_of_date", 2 * trend_days) }}
                then
                    {{ share_of(
                        "2 * summed.last_amount - summed.both_amount",
                        "summed.both_amount"
                    ) }}
        end as spend_trend,
        {{ share_of("summed.evening_orders", "summed.orders") }} as evening_share,
        {{ share_of("summed.weekend_orders", "summed.orders") }} as weekend_share,
        {{ share_of("summed.discount_amount", "summed.gross_amount") }}
            as discount_share,
        {{ share_of("summed.coupon_orders", "summed.orders") }} as coupon_order_share
    from rfm
    inner join summed
        on rfm.as_of_date = summed.as_of_date and rfm.customer_id = summed.customer_id
)

select * from features
