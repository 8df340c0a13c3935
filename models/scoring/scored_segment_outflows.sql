with flows as (
    select * from {{ ref('scored_segment_flows') }}
),

segments as (
    select * from {{ ref('scored_segment_names') }}
    where not is_special
),

-- Special segments say what is known of people, which is neither better nor worse.
monthly as (
    select
        flows.segmentation,
        flows.from_segment_key as segment_key,
        flows.month_on,
        sum(flows.customer_count) as customer_count,
        sum(flows.active_count) as active_count
    from flows
    inner join segments
        on
            flows.segmentation = segments.segmentation
            and flows.from_segment_key = segments.segment_key
    group by flows.segmentation, flows.from_segment_key, flows.month_on
),

-- The share of members who bought in a month, over the months before.
standings as (
    select
        monthly.segmentation,
        monthly.segment_key,
        monthly.month_on,
        {{ share_of("sum(earlier.active_count)", "sum(earlier.customer_count)") }}
            as earlier_active_share
    from monthly
    inner join monthly as earlier
        on
            monthly.segmentation = earlier.segmentation
            and monthly.segment_key = earlier.segment_key
            and monthly.month_on > earlier.month_on
    group by monthly.segmentation, monthly.segment_key, monthly.month_on
),

outflows as (
    select
        flows.segmentation,
        flows.from_segment_key as segment_key,
        sum(flows.customer_count) as customer_count,
        sum(
            case
                when
                    worse.earlier_active_share
                    < standings.earlier_active_share * {{ setting("worse_segment_ratio") }}
                    then flows.customer_count
                else 0
            end
        ) as outflow_count,
        flows.month_on
    from flows
    inner join standings
        on
            flows.segmentation = standings.segmentation
            and flows.from_segment_key = standings.segment_key
            and flows.month_on = standings.month_on
    -- Where nobody was before, nobody knows what it is worth.
    left join standings as worse
        on
            flows.segmentation = worse.segmentation
            and flows.to_segment_key = worse.segment_key
            and flows.month_on = worse.month_on
    group by flows.segmentation, flows.from_segment_key, flows.month_on
)

select * from outflows
