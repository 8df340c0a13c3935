{%- set questions = ["lapse", "decline", "return"] -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

scorecards as (
    select * from {{ ref('ml_risk_scorecards') }}
),

targets as (
    select * from {{ ref('scored_risk_targets') }}
),

purchase_models as (
    select * from {{ ref('ml_purchase_parameters') }}
    where is_used and connector = '{{ var("connector") }}'
),

questions as (
    {%- for question in questions %}
    select
        '{{ question }}' as question,
        true as is_behaviour
    union all
    {%- endfor %}
    select
        target as question,
        false as is_behaviour
    from targets
    where not is_behaviour
),

answered as (
    select
        questions.question,
        coalesce(scorecards.status, 'not_available') as status,
        coalesce(
            scorecards.reason, 'Nobody has bought anything that could be looked back on.'
        ) as reason,
        scorecards.model_version,
        coalesce(targets.is_primary, false) as is_primary,
        cast(scorecards.example_count as bigint) as example_count,
        cast(scorecards.event_count as bigint) as event_count,
        scorecards.out_of_fold_auc,
        cast(scorecards.last_cutoff as date) as last_learned_on,
        as_of_dates.as_of_date
    from questions
    cross join as_of_dates
    left join targets on questions.question = targets.target
    left join scorecards
        on
            questions.question = scorecards.target
            and questions.is_behaviour = scorecards.is_behaviour
            and as_of_dates.as_of_date = scorecards.learned_on
    union all
    select
        'lifetime_value' as question,
        coalesce(purchase_models.status, 'not_available') as status,
        coalesce(
            purchase_models.reason,
            'Nobody has bought anything that could be looked back on.'
        ) as reason,
        purchase_models.model_version,
        false as is_primary,
        cast(purchase_models.customers as bigint) as example_count,
        cast(purchase_models.repeat_customers as bigint) as event_count,
        cast(null as double) as out_of_fold_auc,
        cast(purchase_models.scored_on as date) as last_learned_on,
        as_of_dates.as_of_date
    from as_of_dates
    left join purchase_models
        on
            as_of_dates.as_of_date = cast(purchase_models.as_of_date as date)
            and as_of_dates.as_of_date = cast(purchase_models.scored_on as date)
)

select * from answered
