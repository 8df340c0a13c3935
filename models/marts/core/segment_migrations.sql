with memberships as (
    select * from {{ ref('segment_memberships') }}
    where connector = '{{ var("connector") }}'
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

revenue as (
    select
        customer_id,
        {{ first_day_of_month("active_on") }} as month_on,
        sum(net_amount) as net_revenue_amount
    from customer_days
    group by customer_id, {{ first_day_of_month("active_on") }}
),

-- Who was in no segment at the end of the month before came new.
moves as (
    select
        memberships.segmentation,
        memberships.month_on,
        coalesce(earlier.segment_key, 'new') as from_segment_key,
        memberships.segment_key as to_segment_key,
        coalesce(revenue.net_revenue_amount, 0) as net_revenue_amount
    from memberships
    left join memberships as earlier
        on
            memberships.segmentation = earlier.segmentation
            and memberships.customer_id = earlier.customer_id
            and earlier.month_on
            = cast({{ dbt.dateadd("month", -1, "memberships.month_on") }} as date)
    left join revenue
        on
            memberships.customer_id = revenue.customer_id
            and memberships.month_on = revenue.month_on
),

first_months as (
    select
        segmentation,
        min(month_on) as first_month_on
    from memberships
    group by segmentation
),

segment_migrations as (
    select
        moves.segmentation,
        moves.from_segment_key,
        moves.to_segment_key,
        '{{ setting("reporting_currency") }}' as currency_code,
        count(*) as customer_count,
        {{ as_amount("sum(moves.net_revenue_amount)") }} as net_revenue_amount,
        moves.month_on,
        as_of_dates.as_of_date
    from moves
    -- The first month has nothing to come from.
    inner join first_months
        on
            moves.segmentation = first_months.segmentation
            and moves.month_on > first_months.first_month_on
    inner join as_of_dates
        on as_of_dates.is_current and moves.month_on < as_of_dates.as_of_date
    group by
        moves.segmentation,
        moves.from_segment_key,
        moves.to_segment_key,
        moves.month_on,
        as_of_dates.as_of_date
)

select * from segment_migrations
