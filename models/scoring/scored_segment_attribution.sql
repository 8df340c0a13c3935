with dated as (
    select
        *,
        {{ first_day_of_month("ordered_on") }} as month_on
    from {{ ref('int_orders_attributed') }}
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
)

select
    memberships.segmentation,
    memberships.segment_key,
    dated.campaign_id,
    count(distinct dated.order_id) as attributed_orders,
    sum(dated.attributed_revenue_amount) as attributed_revenue_amount,
    sum(dated.attributed_cost_amount) as attributed_cost_amount,
    sum(dated.attributed_discount_amount) as attributed_discount_amount,
    dated.month_on
from dated
inner join memberships
    on dated.customer_id = memberships.customer_id and dated.month_on = memberships.month_on
group by
    memberships.segmentation,
    memberships.segment_key,
    dated.campaign_id,
    dated.month_on
