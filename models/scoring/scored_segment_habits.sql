{%- set habits = ["channel", "hour", "weekday"] -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

contacts as (
    select
        customer_id,
        'contact' as activity,
        channel as event_channel,
        contact_hour as event_hour,
        contact_weekday as event_weekday,
        count(*) as events
    from {{ ref('int_service_contacts_costed') }}
    group by customer_id, channel, contact_hour, contact_weekday
),

-- Who brings something back has not ordered.
orders as (
    select
        orders.customer_id,
        'order' as activity,
        orders.channel as event_channel,
        orders.ordered_hour as event_hour,
        orders.ordered_weekday as event_weekday,
        count(*) as events
    from {{ ref('int_orders_aggregated') }} as orders
    inner join as_of_dates
        on {{ is_within(
            "orders.ordered_on", "as_of_dates.as_of_date", setting("feature_window_days")
        ) }}
    where orders.sale_amount > 0
    group by
        orders.customer_id, orders.channel, orders.ordered_hour, orders.ordered_weekday
),

events as (
    select * from contacts
    union all
    select * from orders
),

placed as (
    {{ in_current_segments("events") }}
),

counted as (
    {%- for habit in habits %}
    select
        segmentation,
        segment_key,
        activity,
        '{{ habit }}' as habit,
        cast(event_{{ habit }} as string) as habit_value,
        sum(events) as events
    from placed
    where event_{{ habit }} is not null
    group by segmentation, segment_key, activity, event_{{ habit }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Of equally frequent hours and days the earlier one.
ranked as (
    select
        *,
        row_number() over (
            partition by segmentation, segment_key, activity, habit
            order by events desc, length(habit_value) asc, habit_value asc
        ) as habit_rank
    from counted
)

select
    segmentation,
    segment_key,
    activity,
    habit,
    habit_value,
    events
from ranked
where habit_rank = 1
