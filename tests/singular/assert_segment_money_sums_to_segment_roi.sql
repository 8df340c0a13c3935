{%- set measures = [
    "orders", "net_revenue_amount", "cost_amount", "gross_margin_amount",
    "marketing_cost_amount", "attributed_revenue_amount", "attributed_margin_amount",
] -%}

-- Channels and regions divide what a segment sold and cost in a month, and add nothing.
with money as (
    select * from {{ ref('segment_money') }}
),

roi as (
    select * from {{ ref('segment_roi') }}
),

summed as (
    select
        segmentation,
        segment_key,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        month_on
    from money
    group by segmentation, segment_key, month_on
)

select
    coalesce(roi.segmentation, summed.segmentation) as segmentation,
    coalesce(roi.segment_key, summed.segment_key) as segment_key,
    coalesce(roi.month_on, summed.month_on) as month_on
from roi
full join summed
    on
        roi.segmentation = summed.segmentation
        and roi.segment_key = summed.segment_key
        and roi.month_on = summed.month_on
where
    roi.segment_key is null
    or summed.segment_key is null
    {%- for measure in measures %}
    or roi.{{ measure }} <> summed.{{ measure }}
    {%- endfor %}
