with features as (
    select * from {{ ref('int_attribute_features_measured') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

outcomes as (
    select
        customer_id,
        min(occurred_on) as occurred_on
    from {{ ref('int_customer_outcomes_identified') }}
    where value
    group by customer_id
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

attributes as (
    select * from {{ ref('input_customer_attributes') }}
),

-- What was seen after the outcome would tell of it.
late_attributes as (
    select distinct
        outcomes.customer_id,
        attributes.attribute
    from attributes
    left join identified on attributes.customer_id = identified.source_customer_id
    inner join outcomes
        on
            coalesce(identified.customer_id, attributes.customer_id) = outcomes.customer_id
            and attributes.observed_on >= outcomes.occurred_on
),

collected as (
    select
        features.customer_id,
        features.feature,
        features.family,
        features.kind,
        features.feature_value as value
    from features
    inner join as_of_dates on features.as_of_date = as_of_dates.as_of_date
    left join late_attributes
        on
            features.customer_id = late_attributes.customer_id
            and features.attribute = late_attributes.attribute
    where late_attributes.customer_id is null
)

select * from collected
