with transactions as (
    select * from {{ ref('input_transactions') }}
),

attributes as (
    select * from {{ ref('input_customer_attributes') }}
),

latest as (
    select
        (select max(occurred_on) from transactions) as last_transaction_on,
        (select max(observed_on) from attributes) as last_attribute_on
),

resolved as (
    select
        {%- if setting("as_of_date") is not none %}
        cast('{{ setting("as_of_date") }}' as date) as as_of_date,
        {%- else %}
        coalesce(
            cast({{ dbt.dateadd("day", 1, "last_transaction_on") }} as date),
            cast({{ dbt.dateadd("day", 1, "last_attribute_on") }} as date),
            cast('{{ loaded_on() }}' as date)
        ) as as_of_date,
        {%- endif %}
        true as is_current
    from latest
)

select * from resolved
