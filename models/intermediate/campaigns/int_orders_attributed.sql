with orders as (
    select aggregated.*
    from {{ ref('int_orders_aggregated') }} as aggregated
    inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates
        on aggregated.ordered_on < as_of_dates.as_of_date and as_of_dates.is_current
    -- What is booked by itself was brought about by no campaign.
    where aggregated.customer_id is not null and not aggregated.is_automatic
),

touches as (
    select * from {{ ref('int_campaign_touches_dated') }}
),

-- A return on a later day goes the way of its order.
first_days as (
    select
        order_id,
        customer_id,
        min(ordered_on) as first_ordered_on
    from orders
    group by order_id, customer_id
),

touched as (
    select
        first_days.order_id,
        first_days.customer_id,
        touches.campaign_id,
        max(touches.touched_on) as last_touched_on,
        max(case when touches.is_response then 1 else 0 end) as is_response
    from first_days
    inner join touches
        on
            first_days.customer_id = touches.customer_id
            and first_days.first_ordered_on >= touches.touched_on
            and first_days.first_ordered_on < touches.touched_until_on
            and coalesce(first_days.order_id = touches.order_id, touches.order_id is null)
    group by first_days.order_id, first_days.customer_id, touches.campaign_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by order_id, customer_id
            order by is_response desc, last_touched_on desc, campaign_id asc
        ) as touch_rank,
        count(*) over (partition by order_id, customer_id) as touch_count
    from touched
),

credited as (
    select
        order_id,
        customer_id,
        campaign_id,
        {%- if setting("attribution_model") == "linear" %}
        touch_rank as part_number,
        touch_count as part_count
        {%- else %}
        1 as part_number,
        1 as part_count
        {%- endif %}
    from ranked
    {%- if setting("attribution_model") == "last_touch" %}
    where touch_rank = 1
    {%- endif %}
)

select
    orders.order_id,
    orders.customer_id,
    credited.campaign_id,
    {%- for amount, part in {
        "net_amount": "attributed_revenue_amount",
        "cost_amount": "attributed_cost_amount",
        "discount_amount": "attributed_discount_amount",
    }.items() %}
    {{ equal_part("orders." ~ amount, "credited.part_number", "credited.part_count") }}
        as {{ part }},
    {%- endfor %}
    orders.ordered_on
from orders
inner join credited
    on orders.order_id = credited.order_id and orders.customer_id = credited.customer_id
