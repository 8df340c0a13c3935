with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

customers as (
    select * from {{ ref('int_customers_listed') }}
),

summed as (
    select * from {{ ref('int_customer_interactions_summed') }}
),

-- Who is known and was not seen in a channel counts as zero there, but only where the
-- source has seen anybody in it within the window.
seen as (
    select
        as_of_date,
        sum(web_visits) > 0 as has_web_visits,
        sum(app_visits) > 0 as has_app_visits,
        sum(support_contacts) > 0 as has_support_contacts
    from summed
    group by as_of_date
),

features as (
    select
        as_of_dates.as_of_date,
        customers.customer_id,
        case
            when seen.has_web_visits
                then cast(coalesce(summed.web_visits, 0) as double)
        end as web_visit_count,
        cast(
            {{ dbt.datediff(
                "summed.last_web_visit_on", "as_of_dates.as_of_date", "day"
            ) }} as double
        ) as web_recency_days,
        {{ share_of("summed.pages", "summed.paged_visits") }} as pages_per_visit,
        {{ share_of("summed.seconds", "60 * summed.timed_visits") }}
            as minutes_per_visit,
        case
            when seen.has_app_visits
                then cast(coalesce(summed.app_visits, 0) as double)
        end as app_visit_count,
        {{ share_of("summed.opened_messages", "summed.messages") }} as email_open_share,
        {{ share_of("summed.clicked_messages", "summed.messages") }}
            as email_click_share,
        case
            when seen.has_support_contacts
                then cast(coalesce(summed.support_contacts, 0) as double)
        end as support_contact_count,
        {{ share_of("summed.contact_sentiment", "summed.toned_contacts") }}
            as support_tone,
        -- Of whom no account is known, nobody can say that they are silent.
        cast(nullif(summed.mentions, 0) as double) as social_mention_count,
        {{ share_of("summed.reach", "summed.reaching_mentions") }} as social_reach,
        {{ share_of("summed.mention_sentiment", "summed.toned_mentions") }}
            as social_sentiment
    from as_of_dates
    inner join customers
        on coalesce(as_of_dates.as_of_date > customers.known_since_on, true)
    left join seen on as_of_dates.as_of_date = seen.as_of_date
    left join summed
        on
            as_of_dates.as_of_date = summed.as_of_date
            and customers.customer_id = summed.customer_id
)

select * from features
