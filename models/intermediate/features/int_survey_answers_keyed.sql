with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

responses as (
    select
        *,
        coalesce(survey, 'unnamed') as survey_name
    from {{ ref('int_survey_responses_identified') }}
),

items as (
    select * from {{ ref('survey_items') }}
),

-- Of several answers to a question the last one holds; a blank is none.
ranked as (
    select
        as_of_dates.as_of_date,
        responses.*,
        row_number() over (
            partition by
                as_of_dates.as_of_date,
                responses.customer_id,
                responses.survey_name,
                responses.question
            order by
                case when responses.answer_number is null then 1 else 0 end asc,
                responses.responded_at desc,
                responses.response_id asc
        ) as response_rank
    from as_of_dates
    inner join responses on as_of_dates.as_of_date > responses.responded_on
    where responses.question is not null
),

ranged as (
    select
        ranked.as_of_date,
        ranked.customer_id,
        ranked.survey_name as survey,
        ranked.question,
        coalesce(items.scale, ranked.question) as scale,
        ranked.answer_number,
        items.lowest_answer + items.highest_answer - ranked.answer_number
            as reversed_answer,
        items.question is not null as is_listed,
        coalesce(items.is_reverse_keyed, false) as is_reverse_keyed,
        coalesce(
            ranked.answer_number < items.lowest_answer
            or ranked.answer_number > items.highest_answer,
            false
        ) as is_out_of_range,
        ranked.responded_at
    from ranked
    left join items
        on ranked.survey_name = items.survey and ranked.question = items.question
    where ranked.response_rank = 1
),

keyed as (
    select
        as_of_date,
        customer_id,
        survey,
        question,
        scale,
        answer_number,
        case
            when is_out_of_range then null
            when is_reverse_keyed then reversed_answer
            else answer_number
        end as keyed_answer,
        is_listed,
        is_reverse_keyed,
        is_out_of_range,
        responded_at
    from ranged
)

select * from keyed
