-- The last merge of a segmentation holds every customer in one of its segments.
with segments as (
    select
        segmentation,
        count(*) as segment_count,
        sum(customer_count) as customer_count
    from {{ ref('segments') }}
    where not is_special
    group by segmentation
),

hierarchy as (
    select
        segmentation,
        max(customer_count) as customer_count
    from {{ ref('segment_hierarchy') }}
    group by segmentation
)

select
    segments.segmentation,
    segments.customer_count,
    hierarchy.customer_count as merged_customer_count
from segments
left join hierarchy on segments.segmentation = hierarchy.segmentation
where
    segments.segment_count > 1
    and coalesce(hierarchy.customer_count, 0) <> segments.customer_count
