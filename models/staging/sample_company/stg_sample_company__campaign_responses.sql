with responses as (
    select * from {{ ref('sample_campaign_responses') }}
),

renamed as (
    select
        nullif(campaign_id, '') as campaign_id,
        'crm:' || nullif(account_id, '') as customer_id,
        nullif(order_id, '') as order_id,
        {{ text_as('responded_at', 'timestamp') }} as responded_at,
        {{ unreadable_texts({"responded_at": ["responded_at", "timestamp"]}) }}
            as unreadable_columns,
        {{ row_as_json('responses') }} as source_row
    from responses
)

select * from renamed
