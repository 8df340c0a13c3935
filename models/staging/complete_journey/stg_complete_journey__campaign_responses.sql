with redemptions as (
    select * from {{ source('complete_journey', 'coupon_redemptions') }}
),

renamed as (
    select
        cast(campaign_id as string) as campaign_id,
        cast(household_id as string) as customer_id,
        cast(null as string) as order_id,
        -- The redemption date is a local day; its midnight makes the UTC time.
        {{ utc_time('try_cast(redemption_date as timestamp)') }} as responded_at,
        {{ unreadable_columns({
            "responded_at": ["redemption_date", "try_cast(redemption_date as timestamp)"],
        }) }} as unreadable_columns,
        {{ row_as_json('redemptions') }} as source_row
    from redemptions
)

select * from renamed
