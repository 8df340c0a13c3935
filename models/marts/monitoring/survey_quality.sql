with respondents as (
    select * from {{ ref('int_survey_respondents_judged') }}
),

items as (
    select
        survey,
        count(*) as items
    from {{ ref('survey_items') }}
    group by survey
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

counted as (
    select
        respondents.as_of_date,
        respondents.survey,
        count(*) as respondents,
        sum(respondents.answers) as answers,
        sum(respondents.listed_answers) as listed_answers,
        sum(respondents.out_of_range_answers) as out_of_range_answers,
        count(case when respondents.is_straight_lined then 1 end)
            as straight_lined_respondents
    from respondents
    inner join as_of_dates
        on respondents.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
    group by respondents.as_of_date, respondents.survey
),

survey_quality as (
    select
        counted.survey,
        cast(counted.respondents as bigint) as respondents,
        cast(counted.answers as bigint) as answers,
        cast(
            coalesce(items.items, 0) * counted.respondents - counted.listed_answers
            as bigint
        ) as missing_answers,
        cast(counted.out_of_range_answers as bigint) as out_of_range_answers,
        cast(counted.straight_lined_respondents as bigint)
            as straight_lined_respondents,
        counted.as_of_date
    from counted
    left join items on counted.survey = items.survey
)

select * from survey_quality
