with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

customer_days as (
    select aggregated.*
    from {{ ref('int_customer_days_aggregated') }} as aggregated
    inner join as_of_dates
        on {{ is_within(
            "aggregated.active_on", "as_of_dates.as_of_date", setting("feature_window_days")
        ) }}
),

placed as (
    {{ in_current_segments("customer_days") }}
),

trade as (
    select
        segmentation,
        segment_key,
        sum(sale_order_count) as orders,
        {{ as_amount("sum(gross_amount)") }} as gross_amount,
        {{ as_amount("sum(discount_amount)") }} as discount_amount,
        {{ as_amount("sum(net_amount)") }} as net_revenue_amount,
        {{ as_amount("sum(returns_amount)") }} as returns_amount,
        {{ as_amount("sum(cost_amount)") }} as cost_amount,
        {{ as_amount("sum(product_cost_amount)") }} as product_cost_amount,
        {{ as_amount("sum(assumed_cost_amount)") }} as assumed_cost_amount
    from placed
    group by segmentation, segment_key
)

select * from trade
