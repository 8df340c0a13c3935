{%- set window_days = setting("feature_window_days") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

interactions as (
    select * from {{ ref('int_interactions_identified') }}
),

-- A support contact is no visit and no mention, in whatever channel it came.
sorted_interactions as (
    select
        *,
        case
            when interaction_type = 'support' then 'support'
            when channel in ('web', 'app', 'social') then channel
            when
                channel = 'email'
                and interaction_type in ('sent', 'opened', 'clicked')
                then 'message'
        end as kind
    from interactions
    where customer_id is not null
),

known_interactions as (
    select
        as_of_dates.as_of_date,
        sorted_interactions.*,
        case
            when {{ is_within(
                "sorted_interactions.occurred_on", "as_of_dates.as_of_date", window_days
            ) }}
                then sorted_interactions.kind
        end as recent_kind
    from as_of_dates
    inner join sorted_interactions
        on as_of_dates.as_of_date > sorted_interactions.occurred_on
),

summed as (
    select
        as_of_date,
        customer_id,
        count(case when recent_kind = 'web' then 1 end) as web_visits,
        count(case when recent_kind = 'web' then page_count end) as paged_visits,
        {{ exact_sum("case when recent_kind = 'web' then page_count end") }}
            as pages,
        count(case when recent_kind = 'web' then duration_seconds end) as timed_visits,
        {{ exact_sum("case when recent_kind = 'web' then duration_seconds end") }}
            as seconds,
        count(case when recent_kind = 'app' then 1 end) as app_visits,
        count(case when recent_kind = 'message' then 1 end) as messages,
        count(
            case
                when recent_kind = 'message' and interaction_type <> 'sent' then 1
            end
        ) as opened_messages,
        count(
            case
                when recent_kind = 'message' and interaction_type = 'clicked' then 1
            end
        ) as clicked_messages,
        count(case when recent_kind = 'support' then 1 end) as support_contacts,
        count(case when recent_kind = 'support' then sentiment_score end)
            as toned_contacts,
        {{ exact_sum("case when recent_kind = 'support' then sentiment_score end") }}
            as contact_sentiment,
        count(case when recent_kind = 'social' then 1 end) as mentions,
        count(case when recent_kind = 'social' then reach_count end)
            as reaching_mentions,
        {{ exact_sum("case when recent_kind = 'social' then reach_count end") }}
            as reach,
        count(case when recent_kind = 'social' then sentiment_score end)
            as toned_mentions,
        {{ exact_sum("case when recent_kind = 'social' then sentiment_score end") }}
            as mention_sentiment,
        max(case when kind = 'web' then occurred_on end) as last_web_visit_on
    from known_interactions
    group by as_of_date, customer_id
)

select * from summed
