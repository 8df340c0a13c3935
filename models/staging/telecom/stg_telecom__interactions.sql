with service_contacts as (
    select * from {{ ref('telecom_service_contacts') }}
),

app_sessions as (
    select * from {{ ref('telecom_app_sessions') }}
),

touches as (
    select
        contact_id as interaction_id,
        subscriber_id,
        channel,
        reason as interaction_type,
        seconds,
        tone,
        opened_at as started_at
    from service_contacts
    union all
    select
        session_id as interaction_id,
        subscriber_id,
        'app' as channel,
        'visit' as interaction_type,
        seconds,
        cast(null as string) as tone,
        started_at
    from app_sessions
),

renamed as (
    select
        nullif(interaction_id, '') as interaction_id,
        nullif(subscriber_id, '') as customer_id,
        cast(null as string) as identifier_hash,
        nullif(channel, '') as channel,
        interaction_type,
        cast(null as string) as device_type,
        cast(null as string) as operating_system,
        {{ text_as('seconds', 'double') }} as duration_seconds,
        cast(null as double) as page_count,
        cast(null as double) as reach_count,
        {{ text_as('tone', 'double') }} as sentiment_score,
        {{ utc_time(text_as('started_at', 'timestamp')) }} as occurred_at,
        {{ unreadable_texts({
            "duration_seconds": ["seconds", "double"],
            "sentiment_score": ["tone", "double"],
            "occurred_at": ["started_at", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('touches') }} as source_row
    from touches
)

select * from renamed
