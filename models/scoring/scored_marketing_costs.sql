with costs as (
    select * from {{ ref('int_marketing_costs_dated') }}
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
),

weights as (
    select * from {{ ref('scored_shared_cost_weights') }}
),

contact_costs as (
    select
        memberships.segmentation,
        memberships.segment_key,
        costs.campaign_id,
        costs.channel,
        costs.cost_type,
        'customer' as spread_key,
        costs.cost_basis,
        count(*) as contact_count,
        {{ as_amount("sum(costs.cost_amount)") }} as cost_amount,
        costs.cost_on,
        costs.month_on
    from costs
    inner join memberships
        on
            costs.customer_id = memberships.customer_id
            and costs.month_on = memberships.month_on
    where costs.cost_type = 'contact'
    group by all
),

weighed as (
    select
        weights.segmentation,
        weights.segment_key,
        costs.campaign_id,
        costs.channel,
        costs.cost_type,
        weights.spread_key,
        costs.cost_basis,
        costs.cost_amount as shared_amount,
        weights.weight,
        costs.cost_on,
        costs.month_on
    from costs
    inner join weights
        on
            coalesce(costs.campaign_id, '') = coalesce(weights.campaign_id, '')
            and costs.month_on = weights.month_on
    where costs.cost_type = 'shared'
),

shared_costs as (
    {{ split_amounts(
        "weighed",
        amount="shared_amount",
        weight="weight",
        group=["segmentation", "cost_on", "campaign_id", "channel"],
        tie=["segment_key"],
        part="cost_amount",
    ) }}
)

select
    segmentation,
    segment_key,
    campaign_id,
    channel,
    cost_type,
    spread_key,
    cost_basis,
    contact_count,
    cost_amount,
    cost_on,
    month_on
from contact_costs
union all
select
    segmentation,
    segment_key,
    campaign_id,
    channel,
    cost_type,
    spread_key,
    cost_basis,
    0 as contact_count,
    cost_amount,
    cost_on,
    month_on
from shared_costs
