with ranks as (
    select * from {{ ref('scored_risk_ranks') }}
    where is_probability
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

calibration as (
    select
        ranks.target,
        ranks.method,
        ranks.decile,
        count(*) as customers,
        round({{ share_of(exact_sum("ranks.prediction"), "count(*)") }}, 9)
            as predicted_share,
        {{ share_of("sum(ranks.label)", "count(*)") }} as observed_share,
        count(distinct ranks.scored_on) as cutoffs,
        as_of_dates.as_of_date
    from ranks
    cross join as_of_dates
    group by ranks.target, ranks.method, ranks.decile, as_of_dates.as_of_date
)

select * from calibration
