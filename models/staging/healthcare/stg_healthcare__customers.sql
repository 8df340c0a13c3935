-- From here on nobody sees a patient number.
with patients as (
    select
        {{ hashed_text('patient_no') }} as customer_id,
        region,
        consent,
        registered_on
    from {{ ref('healthcare_patients') }}
),

renamed as (
    select
        customer_id,
        cast(null as string) as email_hash,
        cast(null as string) as phone_hash,
        cast(null as string) as country_code,
        nullif(region, '') as region,
        cast(null as string) as city,
        cast(null as string) as postal_code,
        {{ text_as('consent', 'boolean') }} as marketing_consent,
        {{ utc_time(text_as('registered_on', 'timestamp')) }} as registered_at,
        {{ unreadable_texts({
            "marketing_consent": ["consent", "boolean"],
            "registered_at": ["registered_on", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('patients') }} as source_row
    from patients
)

select * from renamed
