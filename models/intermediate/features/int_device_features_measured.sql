{%- set window_days = setting("feature_window_days") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

visits as (
    select
        customer_id,
        channel,
        operating_system,
        occurred_on,
        case
            when lower(device_type) in ('mobile', 'phone', 'smartphone') then 'mobile'
            else lower(device_type)
        end as device_type
    from {{ ref('int_interactions_identified') }}
    where
        customer_id is not null
        and channel in ('web', 'app')
        and coalesce(interaction_type, 'visit') <> 'support'
),

systems as (
    select
        as_of_dates.as_of_date,
        visits.customer_id,
        visits.operating_system,
        count(*) as visits,
        count(case when visits.channel = 'app' then 1 end) as app_visits,
        count(visits.device_type) as described_visits,
        count(case when visits.device_type = 'mobile' then 1 end) as mobile_visits,
        count(case when visits.device_type = 'tablet' then 1 end) as tablet_visits,
        row_number() over (
            partition by as_of_dates.as_of_date, visits.customer_id
            order by
                case when visits.operating_system is null then 1 else 0 end,
                count(*) desc,
                visits.operating_system
        ) as system_rank
    from as_of_dates
    inner join visits
        on {{ is_within("visits.occurred_on", "as_of_dates.as_of_date", window_days) }}
    group by as_of_dates.as_of_date, visits.customer_id, visits.operating_system
),

features as (
    select
        as_of_date,
        customer_id,
        max(case when system_rank = 1 then operating_system end)
            as main_operating_system,
        {{ share_of("sum(mobile_visits)", "sum(described_visits)") }} as mobile_share,
        {{ share_of("sum(tablet_visits)", "sum(described_visits)") }} as tablet_share,
        {{ share_of("sum(app_visits)", "sum(visits)") }} as app_share,
        cast(nullif(count(operating_system), 0) as double) as operating_system_count
    from systems
    group by as_of_date, customer_id
)

select * from features
