-- The total of a segment is the sum of its months.
with months as (
    select
        segmentation,
        segment_key,
        sum(net_revenue_amount) as net_revenue_amount
    from {{ ref('segment_roi') }}
    group by segmentation, segment_key
)

select
    segments.segmentation,
    segments.segment_key,
    segments.net_revenue_amount,
    months.net_revenue_amount as monthly_amount
from {{ ref('segments') }} as segments
full join months
    on
        segments.segmentation = months.segmentation
        and segments.segment_key = months.segment_key
where coalesce(segments.net_revenue_amount, 0) <> coalesce(months.net_revenue_amount, 0)
