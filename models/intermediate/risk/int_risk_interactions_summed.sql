{%- set horizon = setting("risk_horizon_days") -%}

with dates as (
    select * from {{ ref('int_risk_dates_resolved') }}
),

interactions as (
    select * from {{ ref('int_interactions_identified') }}
),

dated as (
    select
        dates.scored_on,
        interactions.customer_id,
        interactions.interaction_type = 'support' as is_support,
        interactions.channel in ('web', 'app')
        and interactions.interaction_type <> 'support' as is_visit,
        interactions.channel = 'email'
        and interactions.interaction_type in ('sent', 'opened', 'clicked') as is_message,
        interactions.channel = 'email'
        and interactions.interaction_type in ('opened', 'clicked') as is_opened,
        interactions.sentiment_score,
        interactions.duration_seconds,
        interactions.occurred_on >= {{ days_before("dates.scored_on", horizon) }} as is_recent
    from dates
    inner join interactions
        on {{ is_within("interactions.occurred_on", "dates.scored_on", 3 * horizon) }}
    where interactions.customer_id is not null
),

summed as (
    select
        scored_on,
        customer_id,
        count(case when is_visit then 1 end) as visits,
        count(case when is_visit and is_recent then 1 end) as recent_visits,
        {{ exact_sum("case when is_visit then duration_seconds end") }} as visit_seconds,
        {{ exact_sum("case when is_visit and is_recent then duration_seconds end") }}
            as recent_visit_seconds,
        count(case when is_visit then duration_seconds end) as timed_visits,
        count(case when is_visit and is_recent then duration_seconds end)
            as recent_timed_visits,
        count(case when is_message then 1 end) as messages,
        count(case when is_message and is_recent then 1 end) as recent_messages,
        count(case when is_opened then 1 end) as opened_messages,
        count(case when is_opened and is_recent then 1 end) as recent_opened_messages,
        count(case when is_support and is_recent then 1 end) as recent_support_contacts,
        min(case when is_support and is_recent then sentiment_score end)
            as worst_support_tone
    from dated
    group by scored_on, customer_id
)

select * from summed
