with at_risk as (
    select * from {{ ref('scored_at_risk_customers') }}
),

segments as (
    select * from {{ ref('scored_primary_segments') }}
),

published as (
    select
        '{{ var("connector") }}' as connector,
        at_risk.customer_id,
        at_risk.target,
        segments.segmentation,
        segments.segment_key,
        at_risk.model_version,
        at_risk.risk_band,
        at_risk.risk_score,
        at_risk.expected_loss_amount,
        at_risk.priority_rank,
        cast({{ setting("risk_horizon_days") }} as bigint) as horizon_days,
        segments.as_of_date as published_on
    from at_risk
    inner join segments on at_risk.customer_id = segments.customer_id
)

select * from published
