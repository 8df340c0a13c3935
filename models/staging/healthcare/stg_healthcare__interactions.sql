with touches as (
    select
        nullif(appointment_no, '') as interaction_id,
        patient_no,
        case place when 'clinic' then 'store' else place end as channel,
        'appointment_' || status as interaction_type,
        cast(null as string) as device_type,
        cast(null as string) as seconds,
        cast(null as string) as tone,
        planned_at as occurred_at
    from {{ ref('healthcare_appointments') }}
    union all
    select
        nullif(session_no, '') as interaction_id,
        patient_no,
        channel,
        'visit' as interaction_type,
        device as device_type,
        seconds,
        cast(null as string) as tone,
        started_at as occurred_at
    from {{ ref('healthcare_sessions') }}
    union all
    select
        nullif(call_no, '') as interaction_id,
        patient_no,
        'phone' as channel,
        'support' as interaction_type,
        cast(null as string) as device_type,
        seconds,
        tone,
        called_at as occurred_at
    from {{ ref('healthcare_calls') }}
),

-- From here on nobody sees a patient number.
hashed as (
    select
        interaction_id,
        {{ hashed_text('patient_no') }} as customer_id,
        channel,
        interaction_type,
        device_type,
        seconds,
        tone,
        occurred_at
    from touches
),

renamed as (
    select
        interaction_id,
        customer_id,
        cast(null as string) as identifier_hash,
        nullif(channel, '') as channel,
        interaction_type,
        nullif(device_type, '') as device_type,
        cast(null as string) as operating_system,
        {{ text_as('seconds', 'double') }} as duration_seconds,
        cast(null as double) as page_count,
        cast(null as double) as reach_count,
        {{ text_as('tone', 'double') }} as sentiment_score,
        {{ utc_time(text_as('occurred_at', 'timestamp')) }} as occurred_at,
        {{ unreadable_texts({
            "duration_seconds": ["seconds", "double"],
            "sentiment_score": ["tone", "double"],
            "occurred_at": ["occurred_at", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('hashed') }} as source_row
    from hashed
)

select * from renamed
