with spread_costs as (
    select * from {{ ref('scored_marketing_costs') }}
    where campaign_id is not null
),

costs as (
    select * from {{ ref('int_marketing_costs_dated') }}
    where campaign_id is not null
),

parts as (
    select
        segmentation,
        segment_key,
        campaign_id,
        cost_type,
        cost_basis,
        cost_amount,
        month_on
    from spread_costs

    union all

    select
        'all' as segmentation,
        'all' as segment_key,
        campaign_id,
        cost_type,
        cost_basis,
        cost_amount,
        month_on
    from costs
)

select
    segmentation,
    segment_key,
    campaign_id,
    {{ as_amount("sum(case when cost_type = 'contact' then cost_amount else 0 end)") }}
        as contact_cost_amount,
    {{ as_amount("sum(case when cost_type = 'shared' then cost_amount else 0 end)") }}
        as shared_cost_amount,
    {{ least_certain_basis("cost_basis") }} as cost_basis,
    month_on
from parts
group by segmentation, segment_key, campaign_id, month_on
