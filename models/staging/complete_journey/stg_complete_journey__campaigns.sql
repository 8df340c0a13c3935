with campaigns as (
    select * from {{ source('complete_journey', 'campaign_descriptions') }}
),

renamed as (
    select
        cast(campaign_id as string) as campaign_id,
        'Campaign ' || cast(campaign_id as string) as campaign_name,
        campaign_type,
        cast(null as string) as channel,
        try_cast(start_date as date) as started_on,
        try_cast(end_date as date) as ended_on,
        {{ unreadable_columns({
            "started_on": ["start_date", "try_cast(start_date as date)"],
            "ended_on": ["end_date", "try_cast(end_date as date)"],
        }) }} as unreadable_columns,
        {{ row_as_json('campaigns') }} as source_row
    from campaigns
)

select * from renamed
