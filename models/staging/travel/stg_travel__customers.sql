with guests as (
    select * from {{ ref('travel_guests') }}
),

renamed as (
    select
        nullif(guest_id, '') as customer_id,
        cast(null as string) as email_hash,
        cast(null as string) as phone_hash,
        country as country_code,
        nullif(region, '') as region,
        cast(null as string) as city,
        cast(null as string) as postal_code,
        {{ text_as('consent', 'boolean') }} as marketing_consent,
        {{ utc_time(text_as('registered_on', 'timestamp')) }} as registered_at,
        {{ unreadable_texts({
            "marketing_consent": ["consent", "boolean"],
            "registered_at": ["registered_on", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('guests') }} as source_row
    from guests
)

select * from renamed
