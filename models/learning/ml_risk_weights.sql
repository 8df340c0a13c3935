with parameters as (
    select * from {{ ref('ml_active_risk_parameters') }}
    where part = 'feature'
),

weights as (
    select
        is_behaviour,
        target,
        learned_on,
        model_version,
        item as feature,
        max(case when name = 'transform' then value_text end) as transform,
        max(case when name = 'reason' then value_text end) as reason,
        max(case when name = 'centre' then value_number end) as centre,
        max(case when name = 'scale' then value_number end) as scale,
        max(case when name = 'weight' then value_number end) as weight
    from parameters
    group by is_behaviour, target, learned_on, model_version, item
)

select * from weights
