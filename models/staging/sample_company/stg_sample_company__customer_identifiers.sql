{#- source system, id column, seed, identifier column, its type, time, condition -#}
{%- set sources = [
    ["crm", "account_id", "sample_crm_accounts", "email", "email", "created_at", "email_verified = 'yes'"],
    ["crm", "account_id", "sample_crm_accounts", "phone", "phone", "created_at", "true"],
    ["crm", "account_id", "sample_crm_accounts", "social_handle", "social_handle", "created_at", "true"],
    ["shop", "shop_id", "sample_shop_accounts", "email", "email", "registered_at", "true"],
    ["shop", "shop_id", "sample_shop_accounts", "phone", "phone", "registered_at", "true"],
    ["shop", "shop_id", "sample_shop_accounts", "loyalty_card", "loyalty_card", "registered_at", "true"],
    ["shop", "shop_id", "sample_web_sessions", "device_id", "device", "started_at", "true"],
    ["app", "app_user_id", "sample_app_users", "email", "email", "installed_at", "true"],
    ["app", "app_user_id", "sample_app_users", "device_id", "device", "installed_at", "true"],
    ["mail", "subscriber_id", "sample_mail_subscribers", "email", "email", "subscribed_at", "true"],
    ["support", "requester_id", "sample_support_requesters", "email", "email", "null", "true"],
    ["support", "requester_id", "sample_support_requesters", "phone", "phone", "null", "true"],
    ["social", "handle", "sample_social_mentions", "handle", "social_handle", "posted_at", "true"],
    ["survey", "respondent_id", "sample_survey_answers", "email", "email", "answered_at", "true"],
] -%}

with hashed as (
    {%- for system, id_column, seed, identifier, identifier_type, time, condition in sources %}
    select
        '{{ system }}' as source_system,
        '{{ system }}:' || {{ id_column }} as customer_id,
        '{{ identifier_type }}' as identifier_type,
        {%- if identifier_type in ["email", "phone"] %}
        {{ hashed_email(identifier) if identifier_type == "email" else hashed_phone(identifier) }}
            as identifier_hash,
        {%- else %}
        {{ hashed_text(identifier) }} as identifier_hash,
        {%- endif %}
        {{ text_as("cast(" ~ time ~ " as string)", "timestamp") }} as observed_at
    from {{ ref(seed) }}
    where nullif({{ id_column }}, '') is not null and {{ condition }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Seen many times, an identifier counts from the first.
first_seen as (
    select
        source_system,
        customer_id,
        identifier_type,
        identifier_hash,
        min(observed_at) as observed_at
    from hashed
    where identifier_hash is not null
    group by source_system, customer_id, identifier_type, identifier_hash
),

renamed as (
    select
        *,
        cast(null as string) as unreadable_columns,
        {{ row_as_json('first_seen') }} as source_row
    from first_seen
)

select * from renamed
