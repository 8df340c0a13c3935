with orders as (
    select
        *,
        {{ first_day_of_month("ordered_on") }} as month_on
    from {{ ref('int_orders_attributed') }}
),

campaigns as (
    select * from {{ ref('int_campaign_channels_listed') }}
),

customers as (
    select * from {{ ref('int_customers_described') }}
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
),

-- Summed before segmentations multiply the rows.
credited as (
    select
        orders.customer_id,
        coalesce(campaigns.channel, 'not known') as marketing_channel,
        sum(orders.attributed_revenue_amount) as attributed_revenue_amount,
        sum(orders.attributed_cost_amount) as attributed_cost_amount,
        sum(orders.attributed_discount_amount) as attributed_discount_amount,
        orders.month_on
    from orders
    left join campaigns on orders.campaign_id = campaigns.campaign_id
    group by orders.customer_id, coalesce(campaigns.channel, 'not known'), orders.month_on
)

select
    memberships.segmentation,
    memberships.segment_key,
    credited.marketing_channel,
    coalesce(customers.region, 'not known') as region,
    sum(credited.attributed_revenue_amount) as attributed_revenue_amount,
    sum(credited.attributed_cost_amount) as attributed_cost_amount,
    sum(credited.attributed_discount_amount) as attributed_discount_amount,
    credited.month_on
from credited
inner join memberships
    on
        credited.customer_id = memberships.customer_id
        and credited.month_on = memberships.month_on
left join customers on credited.customer_id = customers.customer_id
group by
    memberships.segmentation,
    memberships.segment_key,
    credited.marketing_channel,
    coalesce(customers.region, 'not known'),
    credited.month_on
