with lifts as (
    select * from {{ ref('scored_campaign_lifts') }}
    where wave <> 'whole' and segmentation <> 'all'
),

months as (
    select
        segmentation,
        segment_key,
        cast(wave as date) as month_on,
        sum(case when measure = 'revenue' then 1 else 0 end) as campaigns,
        sum(case when measure = 'revenue' and evidence = 'measured' then 1 else 0 end)
            as measured_campaigns,
        {%- for measure in ["revenue", "margin"] %}
        {%- set is_it = "case when measure = '" ~ measure ~ "' then " %}
        {{ exact_sum(is_it ~ "incremental_amount end") }} as {{ measure }}_amount,
        -- Errors of different campaigns add up as squares.
        sqrt({{ exact_sum(
            is_it ~ "power(incremental_amount - incremental_low_amount, 2) end"
        ) }}) as {{ measure }}_reach,
        {%- endfor %}
        {{ exact_sum(
            "case when measure = 'margin' and evidence = 'measured' then cost_amount end"
        ) }} as cost_amount
    from lifts
    group by segmentation, segment_key, wave
)

select
    segmentation,
    segment_key,
    case when measured_campaigns > 0 then 'measured' else 'not enough data' end as evidence,
    cast(campaigns as bigint) as campaigns,
    cast(measured_campaigns as bigint) as measured_campaigns,
    {{ as_amount("revenue_amount") }} as incremental_revenue_amount,
    {{ as_amount("revenue_amount - revenue_reach") }} as incremental_low_amount,
    {{ as_amount("revenue_amount + revenue_reach") }} as incremental_high_amount,
    {{ as_amount("margin_amount") }} as incremental_margin_amount,
    {{ as_amount("margin_amount - margin_reach") }} as incremental_margin_low_amount,
    {{ as_amount("margin_amount + margin_reach") }} as incremental_margin_high_amount,
    {{ as_amount("cost_amount") }} as measured_cost_amount,
    month_on
from months
