with flows as (
    select * from {{ ref('scored_segment_flows') }}
),

segmentations as (
    select * from {{ ref('segmentations') }}
    where algorithm = 'rules'
),

-- The seed lists the best segment first; learned ones are only different.
ranks as (
    select
        rfm_segment as segment_key,
        min(rule_order) as segment_rank
    from {{ ref('rfm_segments') }}
    group by rfm_segment
),

outflows as (
    select
        flows.segmentation,
        flows.from_segment_key as segment_key,
        sum(flows.customer_count) as customer_count,
        sum(
            case when reached.segment_rank > ranks.segment_rank then flows.customer_count else 0 end
        ) as outflow_count,
        flows.month_on
    from flows
    inner join segmentations on flows.segmentation = segmentations.segmentation
    inner join ranks on flows.from_segment_key = ranks.segment_key
    left join ranks as reached on flows.to_segment_key = reached.segment_key
    group by flows.segmentation, flows.from_segment_key, flows.month_on
)

select * from outflows
