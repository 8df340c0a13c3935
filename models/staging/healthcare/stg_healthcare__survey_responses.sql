{%- set questions = [
    "satisfaction", "activation_1", "activation_2", "activation_3",
    "sociability_1", "sociability_2", "sociability_3",
] -%}

with answers as (
    {%- for question in questions %}
    select
        {{ hashed_text('patient_no') }} as customer_id,
        '{{ question }}' as question,
        {{ question }} as answer,
        answered_at
    from {{ ref('healthcare_survey_answers') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

renamed as (
    select
        customer_id || '-' || question as response_id,
        customer_id,
        'patient_survey' as survey,
        question,
        cast(null as string) as answer_text,
        {{ text_as('answer', 'double') }} as answer_number,
        {{ utc_time(text_as('answered_at', 'timestamp')) }} as responded_at,
        {{ unreadable_texts({
            "answer_number": ["answer", "double"],
            "responded_at": ["answered_at", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('answers') }} as source_row
    from answers
    -- A question left blank is no answer.
    where nullif(trim(answer), '') is not null
)

select * from renamed
