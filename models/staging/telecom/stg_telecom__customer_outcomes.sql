{#- Only a contract that has ended says whether its subscriber left. -#}
with contracts as (
    select * from {{ ref('telecom_contracts') }}
    where ended_by <> ''
),

renamed as (
    select
        nullif(subscriber_id, '') as customer_id,
        'churned' as outcome,
        ended_by = 'left' as value,
        {{ text_as('ends_on', 'timestamp') }} as occurred_at,
        {{ unreadable_texts({"occurred_at": ["ends_on", "timestamp"]}) }}
            as unreadable_columns,
        {{ row_as_json('contracts') }} as source_row
    from contracts
)

select * from renamed
