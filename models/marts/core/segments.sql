with customer_segments as (
    select * from {{ ref('customer_segments') }}
),

names as (
    select * from {{ ref('scored_segment_names') }}
),

revenue as (
    select * from {{ ref('scored_customer_revenue') }}
),

members as (
    select
        customer_segments.segmentation,
        customer_segments.segment_key,
        count(*) as customer_count,
        sum(coalesce(revenue.net_revenue_amount, 0)) as net_revenue_amount
    from customer_segments
    left join revenue on customer_segments.customer_id = revenue.customer_id
    group by customer_segments.segmentation, customer_segments.segment_key
),

guests as (
    select
        names.segmentation,
        names.segment_key,
        0 as customer_count,
        revenue.net_revenue_amount
    from names
    inner join revenue on revenue.customer_id is null
    where names.segment_key = 'guest'
),

totals as (
    select * from members
    union all
    select * from guests
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

segments as (
    select
        totals.segmentation,
        totals.segment_key,
        names.segment_name,
        names.description,
        names.algorithm,
        names.model_version,
        '{{ setting("reporting_currency") }}' as currency_code,
        cast(totals.customer_count as bigint) as customer_count,
        {{ share_of(
            "totals.customer_count",
            "sum(totals.customer_count) over (partition by totals.segmentation)"
        ) }} as customer_share,
        {{ as_amount("totals.net_revenue_amount") }} as net_revenue_amount,
        {{ share_of(
            "totals.net_revenue_amount",
            "sum(totals.net_revenue_amount) over (partition by totals.segmentation)"
        ) }} as net_revenue_share,
        names.is_special,
        as_of_dates.as_of_date
    from totals
    inner join names
        on
            totals.segmentation = names.segmentation
            and totals.segment_key = names.segment_key
    inner join as_of_dates on as_of_dates.is_current
)

select * from segments
