with campaigns as (
    select * from {{ source('complete_journey', 'campaigns') }}
),

renamed as (
    select
        cast(campaign_id as string) as campaign_id,
        cast(household_id as string) as customer_id,
        cast(null as decimal(18, 2)) as cost_amount,
        false as is_holdout,
        cast(null as timestamp) as contacted_at,
        cast(null as string) as unreadable_columns,
        {{ row_as_json('campaigns') }} as source_row
    from campaigns
)

select * from renamed
