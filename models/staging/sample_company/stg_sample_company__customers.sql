{#- Each system: its seed, id and time of registration, and what else it knows. -#}
{%- set columns = ["email", "phone", "country_code", "region", "city", "postal_code", "consent"] -%}
{%- set systems = {
    "crm": ["sample_crm_accounts", "account_id", "created_at",
        ["email", "phone", "country_code", "region", "city", "postal_code"]],
    "shop": ["sample_shop_accounts", "shop_id", "registered_at", ["email", "phone"]],
    "app": ["sample_app_users", "app_user_id", "installed_at", ["email"]],
    "mail": ["sample_mail_subscribers", "subscriber_id", "subscribed_at", ["email", "consent"]],
} -%}

with consents as (
    select
        subscriber_id,
        consent,
        row_number() over (
            partition by subscriber_id order by changed_at desc, consent
        ) as consent_rank
    from {{ ref('sample_mail_consents') }}
),

records as (
    {%- for system, (seed, id_column, time, known) in systems.items() %}
    select
        '{{ system }}:' || nullif(records.{{ id_column }}, '') as customer_id,
        {%- for column in columns %}
        {%- if column not in known %}
        cast(null as string) as {{ column }},
        {%- elif column == "consent" %}
        consents.consent,
        {%- else %}
        nullif(records.{{ column }}, '') as {{ column }},
        {%- endif %}
        {%- endfor %}
        records.{{ time }} as registered_at_text
    from {{ ref(seed) }} as records
    {%- if "consent" in known %}
    left join consents
        on records.{{ id_column }} = consents.{{ id_column }} and consents.consent_rank = 1
    {%- endif %}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- From here on nobody sees an address or a number.
hashed as (
    select
        customer_id,
        {{ hashed_email('email') }} as email_hash,
        {{ hashed_phone('phone') }} as phone_hash,
        country_code,
        region,
        city,
        postal_code,
        consent,
        registered_at_text
    from records
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
