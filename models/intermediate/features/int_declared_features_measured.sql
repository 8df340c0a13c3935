{#- The mean length of a month. -#}
{%- set month_days = 30.4375 -%}
{%- set monthly = {
    "monthly_quantity": "quantity", "monthly_amount": "amount", "monthly_count": "event_count",
} -%}

with declared as (
    select * from {{ ref('declared_features') }}
    where industry = '{{ setting("industry") }}'
),

summed as (
    select * from {{ ref('int_declared_events_summed') }}
),

-- One row per known customer, whether they ever bought or not.
known as (
    select
        as_of_date,
        customer_id
    from {{ ref('int_interaction_features_measured') }}
),

-- Who did nothing counts as zero, but only where somebody did.
seen as (
    select distinct
        as_of_date,
        feature
    from summed
    where event_count > 0
),

expected as (
    select
        known.as_of_date,
        known.customer_id,
        declared.feature,
        declared.measure,
        -- Who came lately is measured by the time since then, a month at the least.
        greatest(
            least(coalesce(summed.first_days_ago, declared.window_days), declared.window_days),
            {{ month_days }}
        ) as measured_days,
        summed.last_days_ago,
        coalesce(summed.event_count, 0) as event_count,
        summed.among_count,
        coalesce(summed.quantity, 0) as quantity,
        coalesce(summed.last_half_quantity, 0) as last_half_quantity,
        coalesce(summed.amount, 0) as amount,
        summed.duration,
        summed.timed_count
    from declared
    inner join seen on declared.feature = seen.feature
    inner join known on seen.as_of_date = known.as_of_date
    left join summed
        on
            known.as_of_date = summed.as_of_date
            and known.customer_id = summed.customer_id
            and declared.feature = summed.feature
),

features as (
    select
        as_of_date,
        customer_id,
        feature,
        case measure
            {%- for name, column in monthly.items() %}
            when '{{ name }}'
                then {{ share_of(column ~ " * " ~ month_days, "measured_days") }}
            {%- endfor %}
            when 'quantity_trend'
                then {{ share_of("2 * last_half_quantity - quantity", "quantity") }}
            when 'days_since' then cast(last_days_ago as double)
            when 'line_share' then {{ share_of("event_count", "among_count") }}
            when 'mean_duration' then {{ share_of("duration", "timed_count") }}
        end as feature_value
    from expected
)

select * from features
where feature_value is not null
