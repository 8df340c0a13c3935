with learned as (
    select * from {{ ref('ml_segment_merges') }}
),

rules as (
    select * from {{ ref('scored_rule_merges') }}
),

segments as (
    select * from {{ ref('segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

dendrogram as (
    select
        segmentation,
        model_version,
        step,
        left_node,
        right_node,
        segment_keys,
        height
    from learned

    union all

    select
        segmentation,
        model_version,
        step,
        left_node,
        right_node,
        segment_keys,
        height
    from rules
),

segment_hierarchy as (
    select
        dendrogram.segmentation,
        dendrogram.left_node,
        dendrogram.right_node,
        dendrogram.model_version,
        dendrogram.step,
        dendrogram.height,
        cast(sum(segments.customer_count) as bigint) as customer_count,
        as_of_dates.as_of_date
    from dendrogram
    inner join as_of_dates on as_of_dates.is_current
    left join segments
        on
            dendrogram.segmentation = segments.segmentation
            and ','
            || dendrogram.segment_keys
            || ',' like '%,'
            || segments.segment_key
            || ',%'
    group by
        dendrogram.segmentation,
        dendrogram.left_node,
        dendrogram.right_node,
        dendrogram.model_version,
        dendrogram.step,
        dendrogram.height,
        as_of_dates.as_of_date
)

select * from segment_hierarchy
