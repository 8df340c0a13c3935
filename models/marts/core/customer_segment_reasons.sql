with customer_segments as (
    select * from {{ ref('customer_segments') }}
),

learned as (
    select * from {{ ref('ml_segments') }}
),

reasons as (
    select * from {{ ref('scored_worded_reasons') }}
),

customer_segment_reasons as (
    select
        customer_segments.customer_id,
        customer_segments.segmentation,
        customer_segments.segment_key,
        customer_segments.runner_up_segment_key,
        max(case when reasons.reason_rank = 1 then reasons.reason end) as reason_1,
        max(case when reasons.reason_rank = 2 then reasons.reason end) as reason_2,
        max(case when reasons.reason_rank = 3 then reasons.reason end) as reason_3,
        customer_segments.model_version,
        customer_segments.confidence,
        customer_segments.as_of_date
    from customer_segments
    -- Special segments and those of rules have no exemplar to be near to.
    inner join learned
        on
            customer_segments.segmentation = learned.segmentation
            and customer_segments.segment_key = learned.segment_key
    left join reasons
        on
            customer_segments.segmentation = reasons.segmentation
            and customer_segments.customer_id = reasons.customer_id
    group by
        customer_segments.customer_id,
        customer_segments.segmentation,
        customer_segments.segment_key,
        customer_segments.runner_up_segment_key,
        customer_segments.model_version,
        customer_segments.confidence,
        customer_segments.as_of_date
)

select * from customer_segment_reasons
