with customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

customer_segments as (
    select * from {{ ref('customer_segments') }}
),

names as (
    select * from {{ ref('scored_segment_names') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

known_days as (
    select
        customer_days.*,
        {{ first_day_of_month("customer_days.active_on") }} as month_on,
        as_of_dates.as_of_date
    from customer_days
    inner join as_of_dates
        on customer_days.active_on < as_of_dates.as_of_date and as_of_dates.is_current
),

member_days as (
    select
        customer_segments.segmentation,
        customer_segments.segment_key,
        known_days.*
    from known_days
    inner join
        customer_segments
        on known_days.customer_id = customer_segments.customer_id

    union all

    select
        names.segmentation,
        names.segment_key,
        known_days.*
    from known_days
    inner join names on names.segment_key = 'guest'
    where known_days.customer_id is null
),

monthly as (
    select
        segmentation,
        segment_key,
        month_on,
        as_of_date,
        count(distinct customer_id) as customers,
        sum(order_count) as orders,
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount,
        sum(returns_amount) as returns_amount,
        sum(net_amount) as net_revenue_amount,
        case when count(cost_amount) = count(*) then sum(cost_amount) end as cost_amount
    from member_days
    group by segmentation, segment_key, month_on, as_of_date
),

segment_roi as (
    select
        monthly.segmentation,
        monthly.segment_key,
        names.segment_name,
        'current' as segment_basis,
        'not enough data' as evidence,
        '{{ setting("reporting_currency") }}' as currency_code,
        cast(monthly.customers as bigint) as customers,
        cast(monthly.orders as bigint) as orders,
        {{ as_amount("monthly.gross_amount") }} as gross_amount,
        {{ as_amount("monthly.discount_amount") }} as discount_amount,
        {{ as_amount("monthly.returns_amount") }} as returns_amount,
        {{ as_amount("monthly.net_revenue_amount") }} as net_revenue_amount,
        {{ as_amount("monthly.cost_amount") }} as cost_amount,
        {{ as_amount("monthly.net_revenue_amount - monthly.cost_amount") }}
            as gross_margin_amount,
        {{ as_amount("null") }} as marketing_cost_amount,
        {{ as_amount("null") }} as attributed_revenue_amount,
        cast(null as double) as attributed_roi,
        {{ as_amount("null") }} as incremental_revenue_amount,
        {{ as_amount("null") }} as incremental_low_amount,
        {{ as_amount("null") }} as incremental_high_amount,
        cast(null as double) as incremental_roi,
        monthly.month_on,
        monthly.as_of_date
    from monthly
    inner join names
        on
            monthly.segmentation = names.segmentation
            and monthly.segment_key = names.segment_key
)

select * from segment_roi
