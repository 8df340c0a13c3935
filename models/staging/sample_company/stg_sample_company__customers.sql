{#- Each system: its seed, id and time of registration, and what else it knows. -#}
{%- set columns = ["email", "phone", "country_code", "region", "city", "postal_code"] -%}
{%- set systems = {
    "crm": ["sample_crm_accounts", "account_id", "created_at",
        ["email", "phone", "country_code", "region", "city", "postal_code"]],
    "shop": ["sample_shop_accounts", "shop_id", "registered_at", ["email", "phone"]],
    "app": ["sample_app_users", "app_user_id", "installed_at", ["email"]],
    "mail": ["sample_mail_subscribers", "subscriber_id", "subscribed_at", ["email"]],
} -%}

with consents as (
    select
        'mail:' || subscriber_id as customer_id,
        consent,
        row_number() over (
            partition by subscriber_id order by changed_at desc, consent asc
        ) as consent_rank
    from {{ ref('sample_mail_consents') }}
),

records as (
    {%- for system, (seed, id_column, time, known) in systems.items() %}
    select
        '{{ system }}:' || nullif({{ id_column }}, '') as customer_id,
        {%- for column in columns %}
        {%- if column not in known %}
        cast(null as string) as {{ column }},
        {%- else %}
        nullif({{ column }}, '') as {{ column }},
        {%- endif %}
        {%- endfor %}
        {{ time }} as registered_at_text
    from {{ ref(seed) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- From here on nobody sees an address or a number.
hashed as (
    select
        records.customer_id,
        {{ hashed_email('records.email') }} as email_hash,
        {{ hashed_phone('records.phone') }} as phone_hash,
        records.country_code,
        records.region,
        records.city,
        records.postal_code,
        consents.consent,
        records.registered_at_text
    from records
    left join consents
        on records.customer_id = consents.customer_id and consents.consent_rank = 1
),

renamed as (
    select
        customer_id,
        email_hash,
        phone_hash,
        country_code,
        region,
        city,
        postal_code,
        {{ text_as('consent', 'boolean') }} as marketing_consent,
        {{ text_as('registered_at_text', 'timestamp') }} as registered_at,
        {{ unreadable_texts({
            "marketing_consent": ["consent", "boolean"],
            "registered_at": ["registered_at_text", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('hashed') }} as source_row
    from hashed
)

select * from renamed
