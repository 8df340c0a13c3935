with costs as (
    select * from {{ ref('sample_ad_costs') }}
),

renamed as (
    select
        nullif(campaign_id, '') as campaign_id,
        channel,
        {{ text_as('cost_amount', 'decimal(18, 2)') }} as cost_amount,
        {{ text_as('cost_on', 'date') }} as cost_on,
        {{ unreadable_texts({
            "cost_amount": ["cost_amount", "decimal(18, 2)"],
            "cost_on": ["cost_on", "date"],
        }) }} as unreadable_columns,
        {{ row_as_json('costs') }} as source_row
    from costs
)

select * from renamed
