with rates as (
    select * from {{ ref('sample_exchange_rates') }}
),

renamed as (
    select
        nullif(currency_code, '') as currency_code,
        {{ text_as('rate_to_reporting', 'double') }} as rate_to_reporting,
        {{ text_as('rate_on', 'date') }} as rate_on,
        {{ unreadable_texts({
            "rate_to_reporting": ["rate_to_reporting", "double"],
            "rate_on": ["rate_on", "date"],
        }) }} as unreadable_columns,
        {{ row_as_json('rates') }} as source_row
    from rates
)

select * from renamed
