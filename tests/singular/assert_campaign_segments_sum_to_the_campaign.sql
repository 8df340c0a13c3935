-- Whoever was contacted or held out, and whatever that cost, is in one segment of each
-- segmentation.
{%- set measures = [
    "contacted", "holdout", "responded", "holdout_responded", "mixed", "pending",
    "attributed_revenue_amount", "cost_amount"
] %}

with performance as (
    select * from {{ ref('campaign_performance') }}
),

summed as (
    select
        segmentation,
        campaign_id,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from performance
    where segmentation <> 'all'
    group by segmentation, campaign_id
)

select
    summed.segmentation,
    performance.campaign_id
from performance
left join summed on performance.campaign_id = summed.campaign_id
where
    performance.segmentation = 'all'
    and (
        {%- for measure in measures %}
        coalesce(summed.{{ measure }}, -1) <> performance.{{ measure }}
        {{ "or" if not loop.last }}
        {%- endfor %}
    )
    -- Without any segmentation there is nothing to sum.
    and (select count(*) from summed) > 0
