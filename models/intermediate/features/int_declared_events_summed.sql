{%- set columns = [
    "among_count", "event_count", "quantity", "amount", "duration", "timed_count",
] -%}

with declared as (
    select
        feature,
        window_days
    from {{ ref('declared_features') }}
    where industry = '{{ setting("industry") }}'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

events as (
    select * from {{ ref('int_declared_events_counted') }}
),

known_events as (
    select
        as_of_dates.as_of_date,
        events.*,
        declared.window_days,
        {{ dbt.datediff("events.active_on", "as_of_dates.as_of_date", "day") }}
            as days_ago
    from as_of_dates
    inner join events on as_of_dates.as_of_date > events.active_on
    inner join declared on events.feature = declared.feature
),

summed as (
    select
        as_of_date,
        customer_id,
        feature,
        window_days,
        max(days_ago) as first_days_ago,
        min(case when event_count > 0 then days_ago end) as last_days_ago,
        {%- for column in columns %}
        sum(case when days_ago <= window_days then {{ column }} end) as {{ column }},
        {%- endfor %}
        sum(case when 2 * days_ago <= window_days then quantity end) as last_half_quantity
    from known_events
    group by as_of_date, customer_id, feature, window_days
)

select * from summed
