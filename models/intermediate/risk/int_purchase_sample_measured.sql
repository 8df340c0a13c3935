with features as (
    select * from {{ ref('int_risk_features_measured') }}
),

sample as (
    select * from {{ ref('int_risk_sample_drawn') }}
),

dates as (
    select * from {{ ref('int_risk_dates_resolved') }}
    where is_cutoff or is_current
),

measured as (
    select
        features.scored_on,
        features.customer_id,
        features.repeat_count,
        features.last_repeat_days,
        cast(features.age_days as bigint) as age_days,
        features.mean_repeat_amount
    from features
    inner join dates on features.scored_on = dates.scored_on
    inner join sample on features.customer_id = sample.customer_id
)

select * from measured
