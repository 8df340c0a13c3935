{%- set attributes = {
    "age": ["age_years", {
        "19-24": 21.5, "25-34": 29.5, "35-44": 39.5, "45-54": 49.5, "55-64": 59.5, "65+": 70,
    }],
    "income": ["income_thousands", {
        "Under 15K": 10, "15-24K": 19.5, "25-34K": 29.5, "35-49K": 42, "50-74K": 62,
        "75-99K": 87, "100-124K": 112, "125-149K": 137, "150-174K": 162, "175-199K": 187,
        "200-249K": 224.5, "250K+": 275,
    }],
    "household_size": ["household_size", {"1": 1, "2": 2, "3": 3, "4": 4, "5+": 5}],
    "kids_count": ["children_count", {"0": 0, "1": 1, "2": 2, "3+": 3}],
    "home_ownership": ["home_ownership", {}],
    "marital_status": ["marital_status", {}],
    "household_comp": ["household_composition", {}],
} -%}

with demographics as (
    select
        demographics.*,
        {{ row_as_json('demographics') }} as source_row
    from {{ source('complete_journey', 'demographics') }} as demographics
),

renamed as (
    {%- for column, (attribute, numbers) in attributes.items() %}
    select
        cast(household_id as string) as customer_id,
        'demographic' as family,
        '{{ attribute }}' as attribute,
        cast({{ column }} as string) as value_text,
        {%- if numbers %}
        case {{ column }}
            {%- for label, number in numbers.items() %}
            when '{{ label }}' then cast({{ number }} as double)
            {%- endfor %}
        end as value_number,
        {%- else %}
        cast(null as double) as value_number,
        {%- endif %}
        cast(null as timestamp) as observed_at,
        {%- if numbers %}
        case
            when {{ column }} not in (
                    '{{ numbers.keys() | join("', '") }}'
                )
                then 'value_number'
        end as unreadable_columns,
        {%- else %}
        cast(null as string) as unreadable_columns,
        {%- endif %}
        source_row
    from demographics
    where {{ column }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from renamed
