with customer_days as (
    select aggregated.*
    from {{ ref('int_customer_days_aggregated') }} as aggregated
    inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates
        on aggregated.active_on < as_of_dates.as_of_date and as_of_dates.is_current
),

memberships as (
    select * from {{ ref('scored_month_memberships') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_available
),

dated as (
    select
        *,
        {{ first_day_of_month("active_on") }} as month_on
    from customer_days
),

placed as (
    select
        memberships.segmentation,
        memberships.segment_key,
        dated.*
    from dated
    inner join memberships
        on
            dated.customer_id = memberships.customer_id
            and dated.month_on = memberships.month_on

    union all

    select
        models.segmentation,
        'guest' as segment_key,
        dated.*
    from dated
    cross join models
    where dated.customer_id is null
)

select
    segmentation,
    segment_key,
    count(distinct customer_id) as customers,
    sum(order_count) as orders,
    sum(gross_amount) as gross_amount,
    sum(discount_amount) as discount_amount,
    sum(returns_amount) as returns_amount,
    sum(net_amount) as net_revenue_amount,
    sum(cost_amount) as cost_amount,
    sum(product_cost_amount) as product_cost_amount,
    sum(assumed_cost_amount) as assumed_cost_amount,
    month_on
from placed
group by segmentation, segment_key, month_on
