with customers as (
    select * from {{ ref('banking_customers') }}
),

renamed as (
    select
        nullif(customer_id, '') as customer_id,
        cast(null as string) as email_hash,
        cast(null as string) as phone_hash,
        'AT' as country_code,
        nullif(region, '') as region,
        cast(null as string) as city,
        cast(null as string) as postal_code,
        {{ text_as('marketing_consent', 'boolean') }} as marketing_consent,
        {{ utc_time(text_as('registered_on', 'timestamp')) }} as registered_at,
        {{ unreadable_texts({
            "marketing_consent": ["marketing_consent", "boolean"],
            "registered_at": ["registered_on", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('customers') }} as source_row
    from customers
)

select * from renamed
