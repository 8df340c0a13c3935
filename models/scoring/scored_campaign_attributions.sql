with orders as (
    select
        campaign_id,
        customer_id,
        attributed_revenue_amount,
        {{ first_day_of_month("ordered_on") }} as month_on
    from {{ ref('int_orders_attributed') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_available
),

members as (
    select * from {{ ref('scored_campaign_members') }}
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
),

placed as (
    select
        models.segmentation,
        -- Where somebody was not contacted, the segment when the month of the order began.
        coalesce(members.segment_key, memberships.segment_key, 'new') as segment_key,
        orders.campaign_id,
        orders.attributed_revenue_amount
    from orders
    cross join models
    left join members
        on
            orders.campaign_id = members.campaign_id
            and orders.customer_id = members.customer_id
            and models.segmentation = members.segmentation
    left join memberships
        on
            orders.customer_id = memberships.customer_id
            and orders.month_on = memberships.month_on
            and models.segmentation = memberships.segmentation

    union all

    select
        'all' as segmentation,
        'all' as segment_key,
        campaign_id,
        attributed_revenue_amount
    from orders
)

select
    segmentation,
    segment_key,
    campaign_id,
    {{ as_amount("sum(attributed_revenue_amount)") }} as attributed_revenue_amount
from placed
group by segmentation, segment_key, campaign_id
