with costs as (
    select * from {{ ref('int_marketing_costs_dated') }}
    where cost_type = 'contact'
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
),

customers as (
    select * from {{ ref('int_customers_described') }}
),

shared as (
    select * from {{ ref('scored_marketing_costs') }}
    where cost_type = 'shared'
),

weights as (
    select * from {{ ref('scored_region_cost_weights') }}
),

-- What a segment bears is split among its regions, and so its sum stays what it was.
weighed as (
    select
        shared.segmentation,
        shared.segment_key,
        shared.campaign_id,
        shared.channel,
        weights.region,
        shared.cost_amount as segment_amount,
        weights.weight,
        shared.cost_on,
        shared.month_on
    from shared
    inner join weights
        on
            shared.segmentation = weights.segmentation
            and shared.segment_key = weights.segment_key
            and coalesce(shared.campaign_id, '') = coalesce(weights.campaign_id, '')
            and shared.month_on = weights.month_on
),

shared_costs as (
    {{ split_amounts(
        "weighed",
        amount="segment_amount",
        weight="weight",
        group=["segmentation", "segment_key", "cost_on", "campaign_id", "channel"],
        tie=["region"],
        part="cost_amount",
    ) }}
),

parts as (
    select
        memberships.segmentation,
        memberships.segment_key,
        costs.channel,
        coalesce(customers.region, 'not known') as region,
        costs.cost_amount,
        costs.month_on
    from costs
    inner join memberships
        on
            costs.customer_id = memberships.customer_id
            and costs.month_on = memberships.month_on
    left join customers on costs.customer_id = customers.customer_id
    union all
    select
        segmentation,
        segment_key,
        channel,
        region,
        cost_amount,
        month_on
    from shared_costs
)

select
    segmentation,
    segment_key,
    coalesce(channel, 'not known') as marketing_channel,
    region,
    {{ as_amount("sum(cost_amount)") }} as cost_amount,
    month_on
from parts
group by segmentation, segment_key, coalesce(channel, 'not known'), region, month_on
