with results as (
    select * from {{ ref('scored_campaign_results') }}
),

campaign_counts as (
    select
        campaign_id,
        response_basis,
        is_randomised
    from {{ ref('scored_campaign_counts') }}
    where segmentation = 'all'
),

lifts as (
    select * from {{ ref('scored_campaign_lifts') }}
    where wave = 'whole'
),

campaigns as (
    select * from {{ ref('input_campaigns') }}
),

names as (
    select * from {{ ref('scored_known_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
)

select
    results.campaign_id,
    campaigns.campaign_name,
    results.segmentation,
    results.segment_key,
    case
        when results.segmentation = 'all' then 'All customers'
        else coalesce(names.segment_name, results.segment_key)
    end as segment_name,
    coalesce(campaign_counts.response_basis, 'orders in the window') as response_basis,
    coalesce(margins.evidence, 'not enough data') as evidence,
    case
        when margins.reason is not null then margins.reason
        when results.contacted + results.holdout > 0 and not campaign_counts.is_randomised
            then 'Nobody was held out at random, so what the campaign changed is not known.'
        when results.pending > 0
            then
                'The {{ setting("attribution_window_days") }} days after the contact are not over,'
                || ' or nobody knows when they began.'
        else 'Nobody of the segment was contacted or held out.'
    end as reason,
    results.cost_basis,
    '{{ setting("reporting_currency") }}' as currency_code,
    results.contacted,
    results.holdout,
    results.responded,
    results.holdout_responded,
    results.mixed,
    results.pending,
    {{ share_of("results.responded", "results.contacted") }} as response_rate,
    {{ share_of("results.holdout_responded", "results.holdout") }} as holdout_rate,
    margins.lift,
    margins.lift_low,
    margins.lift_high,
    {{ as_amount("revenues.incremental_amount") }} as incremental_revenue_amount,
    {{ as_amount("revenues.incremental_low_amount") }} as incremental_revenue_low_amount,
    {{ as_amount("revenues.incremental_high_amount") }} as incremental_revenue_high_amount,
    {{ as_amount("margins.incremental_amount") }} as incremental_margin_amount,
    {{ as_amount("margins.incremental_low_amount") }} as incremental_margin_low_amount,
    {{ as_amount("margins.incremental_high_amount") }} as incremental_margin_high_amount,
    results.attributed_revenue_amount,
    results.cost_amount,
    margins.roi as incremental_roi,
    margins.roi_low as incremental_roi_low,
    margins.roi_high as incremental_roi_high,
    margins.p_value,
    margins.adjusted_p_value,
    margins.is_significant,
    as_of_dates.as_of_date
from results
cross join as_of_dates
left join campaign_counts on results.campaign_id = campaign_counts.campaign_id
left join campaigns on results.campaign_id = campaigns.campaign_id
left join names
    on
        results.segmentation = names.segmentation
        and results.segment_key = names.segment_key
{%- for measure in ["revenue", "margin"] %}
left join lifts as {{ measure }}s
    on
        results.segmentation = {{ measure }}s.segmentation
        and results.segment_key = {{ measure }}s.segment_key
        and results.campaign_id = {{ measure }}s.campaign_id
        and {{ measure }}s.measure = '{{ measure }}'
{%- endfor %}
