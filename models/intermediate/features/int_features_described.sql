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

level_counts as (
    select
        attribute_level,
        count(*) as attribute_count
    from attributes
    group by attribute_level
),

-- A level speaks for itself unless it is a mere yes or stands under two attributes.
worded_attributes as (
    select
        attributes.*,
        replace(attributes.attribute, '_', ' ') as attribute_words,
        case
            when
                level_counts.attribute_count > 1
                or lower(attributes.attribute_level)
                in ('yes', 'no', 'true', 'false', 'other', 'unknown')
                then
                    replace(attributes.attribute, '_', ' ')
                    || ' ' || attributes.attribute_level
            else attributes.attribute_level
        end as level_words
    from attributes
    left join level_counts on attributes.attribute_level = level_counts.attribute_level
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
            when attributes.kind = 'category' then attributes.level_words
            else coalesce(phrases.phrase_high, 'high ' || attributes.attribute_words)
        end as phrase_high,
        case
            when attributes.kind = 'category' then 'not ' || attributes.level_words
            else coalesce(phrases.phrase_low, 'low ' || attributes.attribute_words)
        end as phrase_low,
        'Attribute that the source provides' as description,
        200 as priority
    from worded_attributes as attributes
    left join phrases on attributes.attribute = phrases.attribute
)

select * from described
