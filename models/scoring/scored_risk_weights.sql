{%- set parts = ["centre", "scale", "weight"] -%}

with weights as (
    select * from {{ ref('ml_risk_weights') }}
),

scorecards as (
    select * from {{ ref('ml_risk_scorecards') }}
    where is_behaviour and status = 'fitted'
),

dates as (
    select * from {{ ref('int_risk_dates_resolved') }}
),

-- In force on a date is the scorecard learned last, from nothing that came later.
ranked as (
    select
        dates.scored_on,
        scorecards.*,
        row_number() over (
            partition by dates.scored_on, scorecards.target
            order by scorecards.learned_on desc
        ) as age_rank
    from dates
    inner join scorecards on dates.scored_on >= scorecards.learned_on
),

-- One row per scorecard, so that scoring is a sum over columns.
pivoted as (
    select
        ranked.scored_on,
        ranked.target,
        ranked.learned_on,
        ranked.model_version,
        ranked.calibration,
        ranked.intercept,
        ranked.platt_slope,
        ranked.platt_intercept,
        ranked.base_rate,
        {%- for feature in risk_features() %}
        {%- for part in parts %}
        max(case when weights.feature = '{{ feature }}' then weights.{{ part }} end)
            as {{ feature }}_{{ part }},
        {%- endfor %}
        {%- endfor %}
        count(*) as features
    from ranked
    inner join weights
        on
            weights.is_behaviour
            and ranked.target = weights.target
            and ranked.learned_on = weights.learned_on
    where ranked.age_rank = 1
    group by all
)

select * from pivoted
