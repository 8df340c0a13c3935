{#- Logins are visits; a complaint is a contact with the service desk that has a bad tone. -#}
with touches as (
    select
        'session:' || nullif(session_id, '') as interaction_id,
        customer_id,
        channel,
        'visit' as interaction_type,
        device,
        seconds,
        cast(null as string) as tone,
        started_on as touched_on
    from {{ ref('banking_sessions') }}
    union all
    select
        'contact:' || nullif(contact_id, '') as interaction_id,
        customer_id,
        channel,
        'support' as interaction_type,
        cast(null as string) as device,
        cast(null as string) as seconds,
        tone,
        opened_on as touched_on
    from {{ ref('banking_service_contacts') }}
),

renamed as (
    select
        interaction_id,
        nullif(customer_id, '') as customer_id,
        cast(null as string) as identifier_hash,
        channel,
        interaction_type,
        device as device_type,
        cast(null as string) as operating_system,
        {{ text_as('seconds', 'double') }} as duration_seconds,
        cast(null as double) as page_count,
        {{ text_as('tone', 'double') }} as sentiment_score,
        cast(null as double) as reach_count,
        {{ utc_time(text_as('touched_on', 'timestamp')) }} as occurred_at,
        {{ unreadable_texts({
            "duration_seconds": ["seconds", "double"],
            "sentiment_score": ["tone", "double"],
            "occurred_at": ["touched_on", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('touches') }} as source_row
    from touches
)

select * from renamed
