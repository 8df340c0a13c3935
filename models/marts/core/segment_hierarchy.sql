with merges as (
    select * from {{ ref('ml_segment_merges') }}
),

segments as (
    select * from {{ ref('segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

segment_hierarchy as (
    select
        merges.segmentation,
        merges.left_node,
        merges.right_node,
        merges.model_version,
        merges.step,
        merges.height,
        cast(sum(segments.customer_count) as bigint) as customer_count,
        as_of_dates.as_of_date
    from merges
    inner join as_of_dates on as_of_dates.is_current
    left join segments
        on
            merges.segmentation = segments.segmentation
            and ',' || merges.segment_keys || ',' like '%,' || segments.segment_key || ',%'
    group by
        merges.segmentation,
        merges.left_node,
        merges.right_node,
        merges.model_version,
        merges.step,
        merges.height,
        as_of_dates.as_of_date
)

select * from segment_hierarchy
