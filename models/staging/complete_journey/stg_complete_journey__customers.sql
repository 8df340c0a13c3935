with households as (
    select household_id from {{ source('complete_journey', 'transactions') }}
    union distinct
    select household_id from {{ source('complete_journey', 'demographics') }}
    union distinct
    select household_id from {{ source('complete_journey', 'campaigns') }}
    union distinct
    select household_id from {{ source('complete_journey', 'coupon_redemptions') }}
),

renamed as (
    select
        cast(household_id as string) as customer_id,
        cast(null as string) as email_hash,
        cast(null as string) as phone_hash,
        cast(null as string) as country_code,
        cast(null as string) as region,
        cast(null as string) as city,
        cast(null as string) as postal_code,
        cast(null as boolean) as marketing_consent,
        cast(null as timestamp) as registered_at,
        cast(null as string) as unreadable_columns,
        {{ row_as_json('households') }} as source_row
    from households
    -- A line without a household is a guest's, and no customer.
    where household_id is not null
)

select * from renamed
