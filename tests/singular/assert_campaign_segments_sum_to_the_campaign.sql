-- Whoever was contacted or held out, and whatever that cost, is in one segment of each
-- segmentation.
{%- set measures = [
    "contacted", "holdout", "responded", "holdout_responded", "mixed", "pending",
    "attributed_revenue_amount", "cost_amount"
] %}

with summed as (
    select
        segmentation,
        campaign_id,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        count(*) as segments
    from {{ ref('campaign_performance') }}
    group by segmentation, campaign_id
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_available
),

wholes as (
    select
        models.segmentation as expected_segmentation,
        summed.*
    from summed
    cross join models
    where summed.segmentation = 'all'
)

select
    wholes.expected_segmentation,
    wholes.campaign_id
from wholes
left join summed
    on
        wholes.campaign_id = summed.campaign_id
        and wholes.expected_segmentation = summed.segmentation
where
    summed.campaign_id is null
    {%- for measure in measures %}
    or wholes.{{ measure }} <> summed.{{ measure }}
    {%- endfor %}
