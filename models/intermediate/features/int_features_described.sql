with built_in_features as (
    select * from {{ ref('features') }}
),

phrases as (
    select * from {{ ref('attribute_phrases') }}
),

departments as (
    select distinct
        feature,
        department,
        department_rank
    from {{ ref('int_department_features_measured') }}
),

attributes as (
    select distinct
        feature,
        family,
        attribute,
        attribute_level,
        kind
    from {{ ref('int_attribute_features_measured') }}
),

described as (
    select
        feature,
        family,
        'number' as kind,
        phrase_high,
        phrase_low,
        description,
        priority
    from built_in_features

    union all

    select
        feature,
        'behavioural' as family,
        'number' as kind,
        'much ' || department as phrase_high,
        'little ' || department as phrase_low,
        'Share of spend in the department ' || department as description,
        100 + min(department_rank) as priority
    from departments
    group by feature, department

    union all

    select
        attributes.feature,
        attributes.family,
        attributes.kind,
        case
            when attributes.kind = 'category'
                then
                    replace(attributes.attribute, '_', ' ')
                    || ' '
                    || attributes.attribute_level
            else
                coalesce(
                    phrases.phrase_high,
                    'high ' || replace(attributes.attribute, '_', ' ')
                )
        end as phrase_high,
        case
            when attributes.kind = 'category'
                then
                    replace(attributes.attribute, '_', ' ')
                    || ' not ' || attributes.attribute_level
            else
                coalesce(
                    phrases.phrase_low,
                    'low ' || replace(attributes.attribute, '_', ' ')
                )
        end as phrase_low,
        'Attribute that the source provides' as description,
        200 as priority
    from attributes
    left join phrases on attributes.attribute = phrases.attribute
)

select * from described
