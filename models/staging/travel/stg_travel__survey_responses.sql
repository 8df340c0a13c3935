with answers as (
    {%- for number in range(1, 16) %}
    {%- set question = "t%02d" | format(number) %}
    select
        guest_id,
        '{{ question }}' as question,
        {{ question }} as answer,
        answered_on
    from {{ ref('travel_survey_answers') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

renamed as (
    select
        nullif(guest_id, '') || '-' || question as response_id,
        nullif(guest_id, '') as customer_id,
        'travel_preferences' as survey,
        question,
        cast(null as string) as answer_text,
        {{ text_as('answer', 'double') }} as answer_number,
        {{ utc_time(text_as('answered_on', 'timestamp')) }} as responded_at,
        {{ unreadable_texts({
            "answer_number": ["answer", "double"],
            "responded_at": ["answered_on", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('answers') }} as source_row
    from answers
    -- A question left blank is no answer.
    where nullif(trim(answer), '') is not null
)

select * from renamed
