with features as (
    select * from {{ ref('int_risk_features_measured') }}
),

dates as (
    select * from {{ ref('int_risk_dates_resolved') }}
    where is_current
),

-- Who bought alike is expected to buy alike: one row for all of them.
triples as (
    select
        features.repeat_count,
        features.last_repeat_days,
        cast(features.age_days as bigint) as age_days,
        count(*) as customers
    from features
    inner join dates on features.scored_on = dates.scored_on
    group by features.repeat_count, features.last_repeat_days, features.age_days
)

select * from triples
