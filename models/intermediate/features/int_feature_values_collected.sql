with features as (
    select * from {{ ref('int_customer_features_joined') }}
),

departments as (
    select * from {{ ref('int_department_features_measured') }}
),

attributes as (
    select * from {{ ref('int_attribute_features_measured') }}
),

declared as (
    select * from {{ ref('int_declared_features_measured') }}
),

built_in_features as (
    {{ unpivoted("features", built_in_features()) }}
),

collected as (
    select * from built_in_features
    union all
    select
        as_of_date,
        customer_id,
        feature,
        feature_value
    from declared
    union all
    select
        as_of_date,
        customer_id,
        feature,
        feature_value
    from departments
    union all
    select
        as_of_date,
        customer_id,
        feature,
        feature_value
    from attributes
)

select * from collected
