{#- Each attribute: its table, the day since when it is known, and whether it is a number. -#}
{%- set attributes = {
    "age_years": ["banking_customers", "registered_on", true],
    "occupation": ["banking_customers", "registered_on", false],
    "household_size": ["banking_customers", "registered_on", true],
    "risk_tolerance": ["banking_questionnaires", "answered_on", false],
    "investment_horizon": ["banking_questionnaires", "answered_on", false],
    "investment_knowledge": ["banking_questionnaires", "answered_on", false],
} -%}

with described as (
    {%- for attribute, (seed, known_on, is_number) in attributes.items() %}
    select
        customer_id,
        '{{ attribute }}' as attribute,
        {{ attribute }} as attribute_value,
        {{ "true" if is_number else "false" }} as is_number,
        {{ known_on }} as known_on
    from {{ ref(seed) }}
    where nullif(trim({{ attribute }}), '') is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

renamed as (
    select
        nullif(customer_id, '') as customer_id,
        'demographic' as family,
        attribute,
        case when not is_number then attribute_value end as value_text,
        case when is_number then {{ text_as('attribute_value', 'double') }} end
            as value_number,
        {{ utc_time(text_as('known_on', 'timestamp')) }} as observed_at,
        case
            when is_number and {{ text_as('attribute_value', 'double') }} is null
                then 'value_number'
            when
                nullif(trim(known_on), '') is not null
                and {{ text_as('known_on', 'timestamp') }} is null
                then 'observed_at'
        end as unreadable_columns,
        {{ row_as_json('described') }} as source_row
    from described
)

select * from renamed
