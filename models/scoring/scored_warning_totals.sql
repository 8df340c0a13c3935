with flows as (
    select * from {{ ref('scored_segment_flows') }}
),

outflows as (
    select * from {{ ref('scored_segment_outflows') }}
),

risks as (
    select * from {{ ref('scored_segment_risks') }}
),

monthly as (
    select
        segmentation,
        from_segment_key as segment_key,
        sum(customer_count) as customer_count,
        sum(active_count) as active_count,
        sum(spend_amount) as spend_amount,
        sum(limited_amount) as limited_amount,
        sum(squared_limited_amount) as squared_limited_amount,
        month_on
    from flows
    group by segmentation, from_segment_key, month_on
),

-- A measure more is a `union all` more; a share needs no squares.
totals as (
    select
        segmentation,
        segment_key,
        'active_share' as measure,
        customer_count,
        cast(active_count as decimal(38, 4)) as total,
        cast(null as decimal(38, 4)) as squares,
        {{ share_of("active_count", "customer_count") }} as shown_value,
        true as is_share,
        false as is_rise_bad,
        month_on
    from monthly

    union all

    select
        segmentation,
        segment_key,
        'spend_per_customer_amount' as measure,
        customer_count,
        cast(limited_amount as decimal(38, 4)) as total,
        cast(squared_limited_amount as decimal(38, 4)) as squares,
        {{ share_of("spend_amount", "customer_count") }} as shown_value,
        false as is_share,
        false as is_rise_bad,
        month_on
    from monthly

    union all

    select
        segmentation,
        segment_key,
        'outflow_share' as measure,
        customer_count,
        cast(outflow_count as decimal(38, 4)) as total,
        cast(null as decimal(38, 4)) as squares,
        {{ share_of("outflow_count", "customer_count") }} as shown_value,
        true as is_share,
        true as is_rise_bad,
        month_on
    from outflows

    union all

    select
        segmentation,
        segment_key,
        'at_risk_share' as measure,
        customer_count,
        cast(at_risk_count as decimal(38, 4)) as total,
        cast(null as decimal(38, 4)) as squares,
        {{ share_of("at_risk_count", "customer_count") }} as shown_value,
        true as is_share,
        true as is_rise_bad,
        month_on
    from risks
)

select * from totals
