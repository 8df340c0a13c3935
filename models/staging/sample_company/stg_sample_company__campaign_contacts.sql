with members as (
    select * from {{ ref('sample_campaign_members') }}
),

renamed as (
    select
        nullif(campaign_id, '') as campaign_id,
        'crm:' || nullif(account_id, '') as customer_id,
        {{ text_as('cost_amount', 'decimal(18, 2)') }} as cost_amount,
        {{ text_as('is_holdout', 'boolean') }} as is_holdout,
        {{ text_as('contacted_at', 'timestamp') }} as contacted_at,
        {{ unreadable_texts({
            "cost_amount": ["cost_amount", "decimal(18, 2)"],
            "is_holdout": ["is_holdout", "boolean"],
            "contacted_at": ["contacted_at", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('members') }} as source_row
    from members
)

select * from renamed
