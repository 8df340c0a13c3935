with segments as (
    select * from {{ ref('scored_primary_segments') }}
),

rfm as (
    select rfm.*
    from {{ ref('int_customer_rfm_measured') }} as rfm
    inner join {{ ref('int_as_of_dates_resolved') }} as dates
        on rfm.as_of_date = dates.as_of_date and dates.is_current
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

lapsed as (
    select * from {{ ref('scored_reactivation_candidates') }}
),

revenue as (
    select * from {{ ref('scored_customer_revenue') }}
),

buyers as (
    select count(*) as buyers from rfm
),

years as (
    select
        segments.customer_id,
        sum(customer_days.net_amount) as yearly_amount,
        count(case when customer_days.sale_order_count > 0 then 1 end) as yearly_orders
    from segments
    inner join customer_days
        on
            segments.customer_id = customer_days.customer_id
            and {{ is_within("customer_days.active_on", "segments.as_of_date", 365) }}
    group by segments.customer_id
),

standings as (
    select
        segments.customer_id,
        segments.segmentation,
        segments.segment_key,
        segments.segment_name,
        case
            when rfm.customer_id is null then 'no_purchase'
            when lapsed.customer_id is not null then 'lapsed'
            else 'active'
        end as standing,
        {{ as_amount("coalesce(revenue.net_revenue_amount, 0)") }} as net_revenue_amount,
        {{ as_amount("coalesce(years.yearly_amount, 0)") }} as yearly_amount,
        coalesce(years.yearly_orders, 0) as yearly_orders,
        coalesce({{ dbt.datediff("rfm.first_order_on", "segments.as_of_date", "day") }}, 0)
            as tenure_days,
        segments.as_of_date
    from segments
    cross join buyers
    left join rfm on segments.customer_id = rfm.customer_id
    left join years on segments.customer_id = years.customer_id
    left join lapsed on segments.customer_id = lapsed.customer_id
    left join revenue on segments.customer_id = revenue.customer_id
    -- Where nobody buys there is no loyalty to tell.
    where buyers.buyers > 0
)

select * from standings
