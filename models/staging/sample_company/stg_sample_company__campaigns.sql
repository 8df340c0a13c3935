with campaigns as (
    select * from {{ ref('sample_campaigns') }}
),

renamed as (
    select
        nullif(campaign_id, '') as campaign_id,
        campaign_name,
        campaign_type,
        channel,
        {{ text_as('started_on', 'date') }} as started_on,
        {{ text_as('ended_on', 'date') }} as ended_on,
        {{ unreadable_texts({
            "started_on": ["started_on", "date"],
            "ended_on": ["ended_on", "date"],
        }) }} as unreadable_columns,
        {{ row_as_json('campaigns') }} as source_row
    from campaigns
)

select * from renamed
