with parameters as (
    select * from {{ ref('ml_active_risk_parameters') }}
    where part = 'scorecard'
),

scorecards as (
    select
        is_behaviour,
        target,
        learned_on,
        model_version,
        max(case when name = 'status' then value_text end) as status,
        max(case when name = 'reason' then value_text end) as reason,
        max(case when name = 'calibration' then value_text end) as calibration,
        max(case when name = 'intercept' then value_number end) as intercept,
        max(case when name = 'platt_slope' then value_number end) as platt_slope,
        max(case when name = 'platt_intercept' then value_number end) as platt_intercept,
        max(case when name = 'base_rate' then value_number end) as base_rate,
        max(case when name = 'rows' then value_number end) as example_count,
        max(case when name = 'events' then value_number end) as event_count,
        max(case when name = 'regularisation' then value_number end) as regularisation,
        max(case when name = 'out_of_fold_auc' then value_number end) as out_of_fold_auc,
        max(case when name = 'first_cutoff' then value_text end) as first_cutoff,
        max(case when name = 'last_cutoff' then value_text end) as last_cutoff
    from parameters
    group by is_behaviour, target, learned_on, model_version
)

select * from scorecards
