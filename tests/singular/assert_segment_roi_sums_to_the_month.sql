{%- set amounts = [
    "net_revenue_amount", "cost_amount", "marketing_cost_amount", "attributed_revenue_amount",
] -%}

-- Whatever the segmentation: the segments of a month sum to what was accepted in it, to what
-- marketing cost in it and to what is credited to campaigns.
with roi as (
    select
        *,
        contact_cost_amount + shared_cost_amount as told_marketing_amount
    from {{ ref('segment_roi') }}
),

days as (
    select
        aggregated.*,
        {{ first_day_of_month("aggregated.active_on") }} as month_on
    from {{ ref('int_customer_days_aggregated') }} as aggregated
    inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates
        on aggregated.active_on < as_of_dates.as_of_date and as_of_dates.is_current
),

costs as (
    select * from {{ ref('int_marketing_costs_dated') }}
),

attributed as (
    select
        *,
        {{ first_day_of_month("ordered_on") }} as month_on
    from {{ ref('int_orders_attributed') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_available
),

expected as (
    select
        month_on,
        'net_revenue_amount' as measure,
        net_amount as amount
    from days
    union all
    select
        month_on,
        'cost_amount' as measure,
        cost_amount as amount
    from days
    union all
    select
        month_on,
        'marketing_cost_amount' as measure,
        cost_amount as amount
    from costs
    union all
    select
        month_on,
        'attributed_revenue_amount' as measure,
        attributed_revenue_amount as amount
    from attributed
),

compared as (
    select
        models.segmentation,
        expected.month_on,
        expected.measure,
        -expected.amount as amount
    from expected
    cross join models
    {%- for amount in amounts %}
    union all
    select
        segmentation,
        month_on,
        '{{ amount }}' as measure,
        {{ "told_marketing_amount" if amount == "marketing_cost_amount" else amount }} as amount
    from roi
    {%- endfor %}
)

select
    segmentation,
    month_on,
    measure,
    sum(amount) as surplus_amount
from compared
group by segmentation, month_on, measure
having sum(amount) <> 0
