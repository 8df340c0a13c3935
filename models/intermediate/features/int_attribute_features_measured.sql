with attributes as (
    select * from {{ ref('int_customer_attributes_identified') }}
    where not {{ is_restricted_attribute("attribute") }}
    union all
    select * from {{ ref('int_customer_attributes_derived') }}
),

known_attributes as (
    select
        *,
        max(value_number) over (
            partition by as_of_date, family, attribute
        ) is not null as is_number,
        count(*) over (
            partition by as_of_date, family, attribute
        ) as described_customers
    from attributes
),

numbers as (
    select
        as_of_date,
        customer_id,
        -- A source may measure under a name that is ours, too.
        case
            when {{ is_in_list("attribute", built_in_features()) }}
                then 'provided_' || attribute
            else attribute
        end as feature,
        family,
        attribute,
        'number' as kind,
        cast(null as string) as attribute_level,
        value_number as feature_value
    from known_attributes
    where is_number and value_number is not null
),

categories as (
    select
        as_of_date,
        customer_id,
        family,
        attribute,
        case
            when
                count(*) over (
                    partition by as_of_date, family, attribute, value_text
                ) >= described_customers * {{ setting("minimum_level_share") }}
                then value_text
            else 'other'
        end as attribute_level
    from known_attributes
    where not is_number and value_text is not null
),

levels as (
    select distinct
        as_of_date,
        family,
        attribute,
        attribute_level
    from categories
),

indicators as (
    select
        categories.as_of_date,
        categories.customer_id,
        categories.attribute || ': ' || levels.attribute_level as feature,
        categories.family,
        categories.attribute,
        'category' as kind,
        levels.attribute_level,
        case
            when categories.attribute_level = levels.attribute_level
                then cast(1 as double)
            else cast(0 as double)
        end as feature_value
    from categories
    inner join levels
        on
            categories.as_of_date = levels.as_of_date
            and categories.family = levels.family
            and categories.attribute = levels.attribute
),

features as (
    select * from numbers
    union all
    select * from indicators
)

select * from features
