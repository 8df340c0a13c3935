with bearers as (
    select * from {{ ref('int_shared_cost_bearers_listed') }}
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
        bearers.spread_key,
        bearers.month_on
    from bearers
    cross join models
    left join memberships
        on
            bearers.customer_id = memberships.customer_id
            and bearers.month_on = memberships.month_on
            and models.segmentation = memberships.segmentation
)

select
    segmentation,
    segment_key,
    campaign_id,
    spread_key,
    count(*) as weight,
    month_on
from placed
group by segmentation, segment_key, campaign_id, spread_key, month_on
