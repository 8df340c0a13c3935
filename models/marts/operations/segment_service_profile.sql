with service as (
    select * from {{ ref('scored_segment_service') }}
),

habits as (
    select
        {%- for activity, prefix in {"order": "", "contact": "service_"}.items() %}
        {%- for habit, data_type in {"channel": "string", "hour": "bigint", "weekday": "bigint"}.items() %}
        cast(
            max(
                case
                    when activity = '{{ activity }}' and habit = '{{ habit }}' then habit_value
                end
            ) as {{ data_type }}
        ) as {{ prefix }}{{ habit }},
        {%- endfor %}
        {%- endfor %}
        segmentation,
        segment_key
    from {{ ref('scored_segment_habits') }}
    group by segmentation, segment_key
),

names as (
    select * from {{ ref('scored_known_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
)

select
    service.segmentation,
    service.segment_key,
    names.segment_name,
    habits.channel as preferred_channel,
    habits.service_channel,
    {{ cost_basis("service") }} as cost_basis,
    nullif(
        concat_ws(' ', {{ service_gaps("service") | join(", ") }}),
        ''
    ) as reason,
    '{{ setting("reporting_currency") }}' as currency_code,
    cast(service.customers as bigint) as customers,
    cast(service.orders as bigint) as orders,
    case when service.all_contacts > 0 then cast(service.contacts as bigint) end as contacts,
    case
        when service.all_contacts > 0
            then {{ share_of("service.contacts", "service.customers") }}
    end as contacts_per_customer,
    case when service.all_judged_contacts > 0 then cast(service.complaints as bigint) end
        as complaints,
    {{ share_of("service.complaints", "service.judged_contacts") }} as complaint_rate,
    service.sentiment_score,
    case when service.all_respondents > 0 then cast(service.respondents as bigint) end
        as satisfaction_respondents,
    service.satisfaction_score,
    case
        when service.all_returns_amount <> 0
            then
                {{ share_of(
                    "(-service.returns_amount)",
                    "(service.net_revenue_amount - service.returns_amount)",
                ) }}
    end as return_rate,
    {{ share_of("service.discount_amount", "service.gross_amount") }} as discount_share,
    habits.hour as peak_hour,
    habits.weekday as peak_weekday,
    habits.service_hour as service_peak_hour,
    habits.service_weekday as service_peak_weekday,
    service.net_revenue_amount,
    service.gross_margin_amount,
    case
        when
            service.all_contacts > 0 and service.is_service_cost_known
            then service.service_cost_amount
    end as service_cost_amount,
    case when service.all_contacts > 0 then cast(service.contacts_without_cost as bigint) end
        as contacts_without_cost,
    case
        when
            service.all_contacts > 0
            and service.is_service_cost_known
            and service.gross_margin_amount > 0
            then {{ share_of("service.service_cost_amount", "service.gross_margin_amount") }}
    end as cost_to_serve_share,
    as_of_dates.as_of_date
from service
cross join as_of_dates
inner join names
    on
        service.segmentation = names.segmentation
        and service.segment_key = names.segment_key
left join habits
    on
        service.segmentation = habits.segmentation
        and service.segment_key = habits.segment_key
