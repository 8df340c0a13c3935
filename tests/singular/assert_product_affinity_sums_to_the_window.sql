{%- set window_days = setting("feature_window_days") -%}

-- Whatever the segmentation: categories sum to what the orders of the window brought in,
-- segment by segment as in segment_service_profile, which adds up days and not categories.
with accepted as (
    select sum(transactions.net_amount) as net_revenue_amount
    from {{ ref('input_transactions') }} as transactions
    inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates
        on
            as_of_dates.is_current
            and {{ is_within("transactions.occurred_on", "as_of_dates.as_of_date", window_days) }}
),

affinity as (
    select
        segmentation,
        segment_key,
        sum(net_revenue_amount) as net_revenue_amount
    from {{ ref('segment_product_affinity') }}
    group by segmentation, segment_key
),

profile as (
    select * from {{ ref('segment_service_profile') }}
),

segmentations as (
    select
        segmentation,
        sum(net_revenue_amount) as net_revenue_amount
    from profile
    group by segmentation
)

select
    profile.segmentation,
    profile.segment_key,
    profile.net_revenue_amount as expected_amount,
    affinity.net_revenue_amount as told_amount
from profile
left join affinity
    on
        profile.segmentation = affinity.segmentation
        and profile.segment_key = affinity.segment_key
where profile.net_revenue_amount <> coalesce(affinity.net_revenue_amount, 0)

union all

select
    segmentations.segmentation,
    'all' as segment_key,
    coalesce(accepted.net_revenue_amount, 0) as expected_amount,
    segmentations.net_revenue_amount as told_amount
from segmentations
cross join accepted
where segmentations.net_revenue_amount <> coalesce(accepted.net_revenue_amount, 0)
