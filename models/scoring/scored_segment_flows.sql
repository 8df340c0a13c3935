with scored as (
    select segments.*
    from {{ ref('scored_customer_segments') }} as segments
    inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates
        on segments.as_of_date = as_of_dates.as_of_date and as_of_dates.is_watched
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

purchases as (
    select
        customer_id,
        {{ first_day_of_month("active_on") }} as month_on,
        greatest(sum(net_amount), 0) as spend_amount,
        max(case when sale_order_count > 0 then 1 else 0 end) as is_active
    from customer_days
    where customer_id is not null
    group by customer_id, {{ first_day_of_month("active_on") }}
),

-- One household's wedding is no trend of its segment.
limits as (
    select
        month_on,
        {{ as_amount("percentile_cont(0.95) within group (order by spend_amount)") }}
            as spend_limit_amount
    from purchases
    where is_active = 1
    group by month_on
),

-- Who had left the list by the end of the month moved nowhere.
moves as (
    select
        earlier.segmentation,
        earlier.customer_id,
        earlier.segment_key as from_segment_key,
        later.segment_key as to_segment_key,
        earlier.as_of_date as month_on
    from scored as earlier
    inner join scored as later
        on
            earlier.segmentation = later.segmentation
            and earlier.customer_id = later.customer_id
            and later.as_of_date = cast({{ dbt.dateadd("month", 1, "earlier.as_of_date") }} as date)
    where earlier.as_of_date = {{ first_day_of_month("earlier.as_of_date") }}
),

spent as (
    select
        moves.*,
        coalesce(purchases.is_active, 0) as is_active,
        {{ as_amount("coalesce(purchases.spend_amount, 0)") }} as spend_amount,
        {{ as_amount("least(coalesce(purchases.spend_amount, 0), limits.spend_limit_amount)") }}
            as limited_amount
    from moves
    left join purchases
        on moves.customer_id = purchases.customer_id and moves.month_on = purchases.month_on
    left join limits on moves.month_on = limits.month_on
),

flows as (
    select
        segmentation,
        from_segment_key,
        to_segment_key,
        count(*) as customer_count,
        sum(is_active) as active_count,
        sum(spend_amount) as spend_amount,
        sum(limited_amount) as limited_amount,
        sum(cast(limited_amount * limited_amount as decimal(38, 4))) as squared_limited_amount,
        month_on
    from spent
    group by segmentation, from_segment_key, to_segment_key, month_on
)

select * from flows
