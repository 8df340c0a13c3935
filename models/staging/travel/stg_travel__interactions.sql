with touches as (
    select
        nullif(visit_id, '') as interaction_id,
        guest_id,
        channel,
        'visit' as interaction_type,
        device_type,
        operating_system,
        seconds,
        pages,
        cast(null as string) as tone,
        started_at as occurred_at
    from {{ ref('travel_visits') }}
    union all
    select
        nullif(contact_id, '') as interaction_id,
        guest_id,
        channel,
        'support' as interaction_type,
        cast(null as string) as device_type,
        cast(null as string) as operating_system,
        cast(null as string) as seconds,
        cast(null as string) as pages,
        tone,
        contacted_at as occurred_at
    from {{ ref('travel_service_contacts') }}
),

renamed as (
    select
        interaction_id,
        nullif(guest_id, '') as customer_id,
        cast(null as string) as identifier_hash,
        channel,
        interaction_type,
        device_type,
        operating_system,
        {{ text_as('seconds', 'double') }} as duration_seconds,
        {{ text_as('pages', 'double') }} as page_count,
        cast(null as double) as reach_count,
        {{ text_as('tone', 'double') }} as sentiment_score,
        {{ text_as('occurred_at', 'timestamp') }} as occurred_at,
        {{ unreadable_texts({
            "duration_seconds": ["seconds", "double"],
            "page_count": ["pages", "double"],
            "sentiment_score": ["tone", "double"],
            "occurred_at": ["occurred_at", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('touches') }} as source_row
    from touches
)

select * from renamed
