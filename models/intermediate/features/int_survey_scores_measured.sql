with answers as (
    select * from {{ ref('int_survey_answers_keyed') }}
),

respondents as (
    select * from {{ ref('int_survey_respondents_judged') }}
),

items as (
    select * from {{ ref('survey_items') }}
),

scales as (
    select
        survey,
        scale,
        count(*) as items
    from items
    group by survey, scale
),

scored as (
    select
        as_of_date,
        customer_id,
        survey,
        scale,
        is_listed,
        count(keyed_answer) as answered_items,
        {{ share_of(exact_sum("keyed_answer"), "count(keyed_answer)") }} as score
    from answers
    group by as_of_date, customer_id, survey, scale, is_listed
),

-- A scale that several surveys measure has the score of the one answered last.
ranked as (
    select
        scored.as_of_date,
        scored.customer_id,
        scored.scale,
        scored.score,
        row_number() over (
            partition by scored.as_of_date, scored.customer_id, scored.scale
            order by
                case when scored.is_listed then 0 else 1 end asc,
                respondents.last_responded_at desc,
                scored.survey asc
        ) as score_rank
    from scored
    inner join respondents
        on
            scored.as_of_date = respondents.as_of_date
            and scored.customer_id = respondents.customer_id
            and scored.survey = respondents.survey
    left join scales
        on
            scored.is_listed
            and scored.survey = scales.survey
            and scored.scale = scales.scale
    where
        not respondents.is_straight_lined
        and 2 * scored.answered_items >= coalesce(scales.items, 1)
),

measured as (
    select
        as_of_date,
        customer_id,
        scale,
        score
    from ranked
    where score_rank = 1
)

select * from measured
