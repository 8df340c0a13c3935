{%- set window_days = setting("feature_window_days") -%}
{%- set trend_days = setting("trend_window_days") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

product_type_days as (
    select * from {{ ref('int_customer_day_product_types_aggregated') }}
),

traits as (
    select * from {{ ref('int_product_traits_assigned') }}
),

rfm as (
    select * from {{ ref('int_customer_rfm_measured') }}
),

known_days as (
    select
        as_of_dates.as_of_date,
        product_type_days.*,
        {{ is_within("product_type_days.active_on", "as_of_dates.as_of_date", window_days) }}
            as is_in_window,
        {{ is_within("product_type_days.active_on", "as_of_dates.as_of_date", trend_days) }}
            as is_in_trend_window
    from as_of_dates
    inner join product_type_days
        on
            as_of_dates.as_of_date > product_type_days.active_on
            and product_type_days.customer_id is not null
),

summed as (
    select
        as_of_date,
        customer_id,
        department,
        category,
        product_type,
        sum(case when is_in_window then sale_line_count else 0 end) as sale_line_count,
        sum(case when is_in_window then discounted_line_count else 0 end)
            as discounted_line_count,
        {{ as_amount("sum(case when is_in_window then sale_amount else 0 end)") }}
            as sale_amount,
        {{ as_amount("sum(case when is_in_window then private_label_amount else 0 end)") }}
            as private_label_amount,
        max(case when is_in_trend_window then 1 else 0 end) as is_bought_lately,
        max(case when not is_in_trend_window then 1 else 0 end) as is_bought_earlier
    from known_days
    group by as_of_date, customer_id, department, category, product_type
),

measured as (
    select
        summed.as_of_date,
        summed.customer_id,
        summed.department,
        summed.category,
        summed.product_type,
        summed.sale_line_count,
        summed.discounted_line_count,
        summed.sale_amount,
        summed.private_label_amount,
        summed.is_bought_lately,
        case
            -- Whoever came within the trend window finds everything new.
            when
                rfm.first_order_on
                < {{ days_before("summed.as_of_date", trend_days) }}
                then summed.is_bought_lately * (1 - summed.is_bought_earlier)
        end as is_new_lately,
        traits.is_fresh,
        traits.is_healthy,
        traits.is_convenience
    from summed
    inner join rfm
        on summed.as_of_date = rfm.as_of_date and summed.customer_id = rfm.customer_id
    left join traits
        on summed.department = traits.department and summed.category = traits.category
)

select * from measured
