with outcomes as (
    select
        *,
        {{ first_day_of_month("contacted_on") }} as month_on
    from {{ ref('int_campaign_outcomes_measured') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_available
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
),

members as (
    select
        models.segmentation,
        -- Not yet a customer of any segment when the month of the contact began.
        coalesce(memberships.segment_key, 'new') as segment_key,
        outcomes.*
    from outcomes
    cross join models
    left join memberships
        on
            outcomes.customer_id = memberships.customer_id
            and outcomes.month_on = memberships.month_on
            and models.segmentation = memberships.segmentation

    union all

    select
        'all' as segmentation,
        'all' as segment_key,
        outcomes.*
    from outcomes
)

select
    segmentation,
    segment_key,
    campaign_id,
    customer_id,
    revenue_amount,
    margin_amount,
    earlier_revenue_amount,
    earlier_margin_amount,
    cost_amount,
    is_holdout,
    is_mixed,
    is_randomised,
    is_complete,
    has_ordered,
    has_responded,
    month_on,
    as_of_date
from members
