with bearers as (
    select * from {{ ref('int_shared_cost_bearers_listed') }}
),

customers as (
    select * from {{ ref('int_customers_described') }}
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_available
),

placed as (
    select
        models.segmentation,
        coalesce(memberships.segment_key, 'new') as segment_key,
        bearers.campaign_id,
        coalesce(customers.region, 'not known') as region,
        bearers.month_on
    from bearers
    cross join models
    left join memberships
        on
            bearers.customer_id = memberships.customer_id
            and bearers.month_on = memberships.month_on
            and models.segmentation = memberships.segmentation
    left join customers on bearers.customer_id = customers.customer_id
)

select
    segmentation,
    segment_key,
    campaign_id,
    region,
    count(*) as weight,
    month_on
from placed
group by segmentation, segment_key, campaign_id, region, month_on
