with names as (
    select * from {{ ref('scored_segment_names') }}
),

rules as (
    select distinct
        segmentation,
        segment_key,
        rule_text,
        rule_sql
    from {{ ref('ml_segment_rules') }}
),

counts as (
    select * from {{ ref('scored_segment_rules') }}
),

customer_segments as (
    select * from {{ ref('customer_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

members as (
    select
        segmentation,
        segment_key,
        count(*) as customers
    from customer_segments
    group by segmentation, segment_key
),

segment_rules as (
    select
        rules.segmentation,
        rules.segment_key,
        names.segment_name,
        rules.rule_text,
        rules.rule_sql,
        names.model_version,
        cast(coalesce(members.customers, 0) as bigint) as customer_count,
        counts.matching_customer_count,
        cast(counts.hit_count as double)
        / nullif(counts.matching_customer_count, 0) as precision,
        cast(counts.hit_count as double) / nullif(counts.member_count, 0) as recall,
        as_of_dates.as_of_date
    from rules
    inner join names
        on
            rules.segmentation = names.segmentation
            and rules.segment_key = names.segment_key
    inner join as_of_dates on as_of_dates.is_current
    left join members
        on
            rules.segmentation = members.segmentation
            and rules.segment_key = members.segment_key
    left join counts
        on
            rules.segmentation = counts.segmentation
            and rules.segment_key = counts.segment_key
)

select * from segment_rules
