with sample as (
    select distinct
        as_of_date,
        customer_id
    from {{ ref('int_learning_sample_drawn') }}
),

feature_values as (
    select * from {{ ref('int_feature_values_collected') }}
),

measured as (
    select
        feature_values.customer_id,
        feature_values.feature,
        feature_values.feature_value as value
    from sample
    inner join feature_values
        on
            sample.as_of_date = feature_values.as_of_date
            and sample.customer_id = feature_values.customer_id
)

select * from measured
