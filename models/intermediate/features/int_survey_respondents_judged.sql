with answers as (
    select
        *,
        case when is_listed and not is_out_of_range then answer_number end
            as item_answer
    from {{ ref('int_survey_answers_keyed') }}
),

counted as (
    select
        as_of_date,
        customer_id,
        survey,
        count(answer_number) as answers,
        count(case when is_listed then answer_number end) as listed_answers,
        count(case when is_out_of_range then 1 end) as out_of_range_answers,
        count(item_answer) as item_answers,
        count(case when is_reverse_keyed then item_answer end) as reversed_answers,
        min(item_answer) as lowest_answer,
        max(item_answer) as highest_answer,
        max(responded_at) as last_responded_at
    from answers
    group by as_of_date, customer_id, survey
),

-- The same answer to an item and to its opposite says nothing of either.
judged as (
    select
        as_of_date,
        customer_id,
        survey,
        answers,
        listed_answers,
        out_of_range_answers,
        item_answers >= 5
        and lowest_answer = highest_answer
        and reversed_answers > 0
        and reversed_answers < item_answers as is_straight_lined,
        last_responded_at
    from counted
)

select * from judged
