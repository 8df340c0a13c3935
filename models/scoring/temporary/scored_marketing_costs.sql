with costs as (
    select
        *,
        {{ first_day_of_month("cost_on") }} as month_on
    from {{ ref('int_marketing_costs_dated') }}
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
),

counts as (
    select
        segmentation,
        segment_key,
        month_on,
        count(*) as customers,
        sum(count(*)) over (partition by segmentation, month_on) as all_customers
    from memberships
    group by segmentation, segment_key, month_on
),

spread as (
    select
        memberships.segmentation,
        memberships.segment_key,
        costs.cost_on,
        costs.month_on,
        costs.campaign_id,
        costs.channel,
        costs.cost_type,
        'customer' as spread_key,
        costs.cost_basis,
        costs.cost_amount
    from costs
    inner join memberships
        on
            costs.customer_id = memberships.customer_id
            and costs.month_on = memberships.month_on
    where costs.cost_type = 'contact'

    union all

    select
        counts.segmentation,
        counts.segment_key,
        costs.cost_on,
        costs.month_on,
        costs.campaign_id,
        costs.channel,
        costs.cost_type,
        'customers' as spread_key,
        costs.cost_basis,
        costs.cost_amount * counts.customers / counts.all_customers as cost_amount
    from costs
    inner join counts on costs.month_on = counts.month_on
    where costs.cost_type = 'shared'
)

select
    segmentation,
    segment_key,
    cost_on,
    month_on,
    campaign_id,
    channel,
    cost_type,
    spread_key,
    cost_basis,
    {{ as_amount("sum(cost_amount)") }} as cost_amount
from spread
group by
    segmentation, segment_key, cost_on, month_on, campaign_id, channel, cost_type,
    spread_key, cost_basis
