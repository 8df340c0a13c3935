with answers as (
    {%- for number in range(1, 19) %}
    select
        respondent_id,
        'q{{ number }}' as question,
        q{{ number }} as answer,
        answered_at
    from {{ ref('sample_survey_answers') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

renamed as (
    select
        nullif(respondent_id, '') || '-' || question as response_id,
        'survey:' || nullif(respondent_id, '') as customer_id,
        'values_and_lifestyle' as survey,
        question,
        cast(null as string) as answer_text,
        {{ text_as('answer', 'double') }} as answer_number,
        {{ text_as('answered_at', 'timestamp') }} as responded_at,
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
