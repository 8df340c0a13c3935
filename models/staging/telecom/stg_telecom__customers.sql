with subscribers as (
    select * from {{ ref('telecom_subscribers') }}
),

renamed as (
    select
        nullif(subscriber_id, '') as customer_id,
        cast(null as string) as email_hash,
        cast(null as string) as phone_hash,
        'DE' as country_code,
        region,
        cast(null as string) as city,
        cast(null as string) as postal_code,
        {{ text_as('marketing_consent', 'boolean') }} as marketing_consent,
        {{ text_as('joined_on', 'timestamp') }} as registered_at,
        {{ unreadable_texts({
            "marketing_consent": ["marketing_consent", "boolean"],
            "registered_at": ["joined_on", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('subscribers') }} as source_row
    from subscribers
)

select * from renamed
