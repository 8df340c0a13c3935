{#- Each system, and the column in which it keeps what a touch has. -#}
{%- set columns = [
    "record", "device_id", "channel", "interaction_type", "device_type", "operating_system",
    "duration_seconds", "page_count", "sentiment_score", "reach_count", "occurred_at",
] -%}
{%- set visit = {
    "interaction_type": "'visit'", "device_type": "device_type",
    "operating_system": "operating_system", "duration_seconds": "duration_seconds",
    "page_count": "page_count", "occurred_at": "started_at",
} -%}
{%- set sources = [
    dict(visit, seed="sample_web_sessions", id="'web:' || nullif(session_id, '')",
        record="'shop:' || nullif(shop_id, '')", device_id="device_id", channel="'web'"),
    dict(visit, seed="sample_app_sessions", id="'app:' || nullif(session_id, '')",
        record="'app:' || nullif(app_user_id, '')", channel="'app'"),
    {"seed": "sample_mail_events",
        "id": "'mail:' || nullif(subscriber_id, '') || '-' || nullif(message_id, '')",
        "record": "'mail:' || nullif(subscriber_id, '')", "channel": "'email'",
        "interaction_type": "interaction_type", "occurred_at": "sent_at"},
    {"seed": "sample_support_tickets", "id": "'support:' || nullif(ticket_id, '')",
        "record": "'support:' || nullif(requester_id, '')", "channel": "channel",
        "interaction_type": "'support'", "duration_seconds": "duration_seconds",
        "sentiment_score": "sentiment_score", "occurred_at": "opened_at"},
    {"seed": "sample_social_mentions", "id": "'social:' || nullif(mention_id, '')",
        "record": "'social:' || nullif(handle, '')", "channel": "'social'",
        "interaction_type": "'mention'", "sentiment_score": "sentiment_score",
        "reach_count": "reach_count", "occurred_at": "posted_at"},
] -%}
{%- set casts = {
    "duration_seconds": ["duration_seconds", "double"],
    "page_count": ["page_count", "double"],
    "sentiment_score": ["sentiment_score", "double"],
    "reach_count": ["reach_count", "double"],
    "occurred_at": ["occurred_at", "timestamp"],
} -%}

with touches as (
    {%- for source in sources %}
    select
        {%- for column in columns %}
        {{ source.get(column, "cast(null as string)") }} as {{ column }},
        {%- endfor %}
        {{ source.id }} as interaction_id
    from {{ ref(source.seed) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

renamed as (
    select
        interaction_id,
        record as customer_id,
        {{ hashed_text('device_id') }} as identifier_hash,
        nullif(channel, '') as channel,
        interaction_type,
        device_type,
        operating_system,
        {%- for name, (column, data_type) in casts.items() %}
        {{ text_as(column, data_type) }} as {{ name }},
        {%- endfor %}
        {{ unreadable_texts(casts) }} as unreadable_columns,
        {{ row_as_json('touches') }} as source_row
    from touches
)

select * from renamed
