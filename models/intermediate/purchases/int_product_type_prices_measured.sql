with product_type_days as (
    select * from {{ ref('int_customer_day_product_types_aggregated') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

prices as (
    select
        product_type_days.department,
        product_type_days.category,
        product_type_days.product_type,
        cast(
            {{ share_of(
                "sum(product_type_days.counted_amount)", "sum(product_type_days.unit_count)"
            ) }} as decimal(18, 6)
        ) as unit_price
    from product_type_days
    inner join as_of_dates
        on {{ is_within(
            "product_type_days.active_on", "as_of_dates.as_of_date",
            setting("feature_window_days")
        ) }}
    where product_type_days.unit_count > 0
    group by
        product_type_days.department,
        product_type_days.category,
        product_type_days.product_type
)

select * from prices
