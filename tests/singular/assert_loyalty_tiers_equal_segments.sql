-- Nobody and no amount is lost: tiers add up to the segments of the primary segmentation.
with buyers as (
    select count(*) as buyers from {{ ref('customer_rfm') }}
),

primary_segmentation as (
    select distinct segmentation from {{ ref('scored_primary_segments') }}
),

-- Guests are revenue without customers.
segments as (
    select segments.*
    from {{ ref('segments') }} as segments
    inner join primary_segmentation
        on segments.segmentation = primary_segmentation.segmentation
    cross join buyers
    where segments.customer_count > 0 and buyers.buyers > 0
),

tiers as (
    select
        segmentation,
        segment_key,
        sum(customers) as customers,
        sum(net_revenue_amount) as net_revenue_amount
    from {{ ref('loyalty_tiers') }}
    group by segmentation, segment_key
)

select
    segments.segmentation,
    segments.segment_key,
    segments.customer_count,
    tiers.customers,
    segments.net_revenue_amount,
    tiers.net_revenue_amount as tiers_amount
from segments
full join tiers
    on
        segments.segmentation = tiers.segmentation
        and segments.segment_key = tiers.segment_key
where
    coalesce(segments.customer_count, 0) <> coalesce(tiers.customers, 0)
    or coalesce(segments.net_revenue_amount, 0) <> coalesce(tiers.net_revenue_amount, 0)
