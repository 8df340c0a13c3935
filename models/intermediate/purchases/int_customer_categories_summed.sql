{%- set windows = {
    "is_in_window": setting("feature_window_days"),
    "is_recent": setting("trend_window_days"),
    "is_compared": 2 * setting("trend_window_days"),
} -%}

with product_type_days as (
    select * from {{ ref('int_customer_day_product_types_aggregated') }}
),

prices as (
    select * from {{ ref('int_product_type_prices_measured') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

dated as (
    select
        product_type_days.*,
        {%- for name, days in windows.items() %}
        {{ is_within("product_type_days.active_on", "as_of_dates.as_of_date", days) }}
            as {{ name }},
        {%- endfor %}
        prices.unit_price
    from product_type_days
    cross join as_of_dates
    left join prices
        on
            product_type_days.department = prices.department
            and product_type_days.category = prices.category
            and product_type_days.product_type = prices.product_type
),

summed as (
    select
        customer_id,
        {{ setting("affinity_level") }} as sold_category,
        sum(case when is_in_window then sale_line_count else 0 end) as sale_line_count,
        sum(case when is_in_window then discounted_line_count else 0 end)
            as discounted_line_count,
        {{ as_amount("sum(case when is_in_window then net_amount else 0 end)") }}
            as net_revenue_amount,
        {{ as_amount(
            "sum(case when is_in_window and unit_count > 0 then counted_amount else 0 end)"
        ) }} as counted_amount,
        -- What everybody pays for the same units of the same product types.
        sum(
            case
                when is_in_window and unit_count > 0
                    then cast(unit_count as decimal(18, 3)) * unit_price
                else 0
            end
        ) as expected_amount,
        sum(case when is_recent then sale_line_count else 0 end) as recent_line_count,
        {{ as_amount("sum(case when is_recent then net_amount else 0 end)") }} as recent_amount,
        sum(case when is_compared and not is_recent then sale_line_count else 0 end)
            as earlier_line_count,
        {{ as_amount(
            "sum(case when is_compared and not is_recent then net_amount else 0 end)"
        ) }} as earlier_amount
    from dated
    where is_in_window or is_compared
    group by customer_id, {{ setting("affinity_level") }}
)

select
    customer_id,
    sold_category as category,
    sale_line_count,
    discounted_line_count,
    net_revenue_amount,
    counted_amount,
    expected_amount,
    recent_line_count,
    recent_amount,
    earlier_line_count,
    earlier_amount
from summed
