with segments as (
    select * from {{ ref('scored_budget_segments') }}
),

weeks as (
    select * from {{ ref('scored_response_weeks') }}
),

margins as (
    select * from {{ ref('int_margin_measured') }}
),

latest as (
    select
        *,
        row_number() over (partition by segmentation, segment_key order by period_on desc)
            as weeks_back
    from weeks
),

spends as (
    select
        segmentation,
        segment_key,
        {{ share_of("sum(spend_amount)", "count(*)") }} as weekly_spend_amount
    from latest
    where weeks_back <= {{ setting("current_spend_weeks") }}
    group by segmentation, segment_key
)

select
    segments.segmentation,
    segments.segment_key,
    segments.segment_name,
    coalesce(spends.weekly_spend_amount, 0) as weekly_spend_amount,
    margins.margin_share,
    segments.is_special,
    segments.is_open
from segments
cross join margins
left join spends
    on
        segments.segmentation = spends.segmentation
        and segments.segment_key = spends.segment_key
