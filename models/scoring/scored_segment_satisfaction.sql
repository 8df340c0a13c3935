with scores as (
    select scores.*
    from {{ ref('int_survey_scores_measured') }} as scores
    inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates
        on scores.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
    where scores.scale = '{{ setting("satisfaction_scale") }}'
),

placements as (
    select * from {{ ref('scored_current_segments') }}
),

satisfaction as (
    select
        placements.segmentation,
        placements.segment_key,
        count(scores.score) as respondents,
        {{ share_of(exact_sum("scores.score"), "count(scores.score)") }}
            as satisfaction_score
    from scores
    inner join placements on scores.customer_id = placements.customer_id
    group by placements.segmentation, placements.segment_key
)

select * from satisfaction
