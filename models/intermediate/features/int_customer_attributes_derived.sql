{%- set categories = {
    "postal_region": ["geographic", "postal"],
    "distance_band": ["geographic", "postal"],
    "main_operating_system": ["technographic", "devices"],
} -%}

with postal as (
    select * from {{ ref('int_postal_features_measured') }}
),

devices as (
    select * from {{ ref('int_device_features_measured') }}
),

scores as (
    select * from {{ ref('int_survey_scores_measured') }}
),

provided as (
    select distinct
        as_of_date,
        attribute
    from {{ ref('int_customer_attributes_identified') }}
),

measured as (
    select
        as_of_date,
        customer_id,
        'psychographic' as family,
        scale as attribute,
        cast(null as string) as value_text,
        score as value_number
    from scores
    {%- for attribute, (family, relation) in categories.items() %}
    union all
    select
        as_of_date,
        customer_id,
        '{{ family }}' as family,
        '{{ attribute }}' as attribute,
        {{ attribute }} as value_text,
        cast(null as double) as value_number
    from {{ relation }}
    where {{ attribute }} is not null
    {%- endfor %}
),

-- What the source itself says under a name goes before what is derived.
derived as (
    select measured.*
    from measured
    left join provided
        on
            measured.as_of_date = provided.as_of_date
            and measured.attribute = provided.attribute
    where provided.attribute is null
)

select * from derived
