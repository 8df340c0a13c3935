with conditions as (
    select * from {{ ref('ml_segment_rules') }}
    where rule_sql is not null
),

learned as (
    select * from {{ ref('scored_learned_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

feature_values as (
    select * from {{ ref('int_feature_values_collected') }}
),

customers as (
    select
        learned.as_of_date,
        learned.segmentation,
        learned.customer_id,
        learned.segment_key
    from learned
    inner join as_of_dates
        on learned.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
),

-- A rule is met where none of its conditions fails.
matches as (
    select
        customers.segmentation,
        conditions.segment_key,
        customers.customer_id,
        max(
            case when customers.segment_key = conditions.segment_key then 1 else 0 end
        ) as is_member,
        min(
            case
                when conditions.feature is null then 1
                when feature_values.feature_value is null
                    then case when conditions.is_met_by_unknown then 1 else 0 end
                when conditions.operator = 'is not null' then 1
                when
                    conditions.operator = '>='
                    and feature_values.feature_value >= conditions.threshold
                    then 1
                when
                    conditions.operator = '<'
                    and feature_values.feature_value < conditions.threshold
                    then 1
                when
                    conditions.operator = '='
                    and feature_values.feature_value = conditions.threshold
                    then 1
                else 0
            end
        ) as is_match
    from customers
    inner join conditions on customers.segmentation = conditions.segmentation
    left join feature_values
        on
            customers.as_of_date = feature_values.as_of_date
            and customers.customer_id = feature_values.customer_id
            and conditions.feature = feature_values.feature
    group by customers.segmentation, conditions.segment_key, customers.customer_id
),

counted as (
    select
        segmentation,
        segment_key,
        cast(sum(is_match) as bigint) as matching_customer_count,
        cast(sum(is_member) as bigint) as member_count,
        cast(sum(is_match * is_member) as bigint) as hit_count
    from matches
    group by segmentation, segment_key
)

select * from counted
