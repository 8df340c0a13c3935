with attributes as (
    select distinct
        feature,
        family,
        attribute,
        attribute_level,
        kind,
        replace(attribute, '_', ' ') as attribute_words
    from {{ ref('int_attribute_features_measured') }}
),

phrases as (
    select
        *,
        phrase_high like '%{level}%' as is_of_levels
    from {{ ref('attribute_phrases') }}
),

level_counts as (
    select
        attribute_level,
        count(*) as attribute_count
    from attributes
    group by attribute_level
),

-- A level speaks for itself unless it is a mere yes, number or letter, or stands under two
-- attributes.
levels as (
    select
        attributes.*,
        lower(attributes.attribute_level) in ('no', 'false') as is_denial,
        case
            when lower(attributes.attribute_level) in ('yes', 'true')
                then attributes.attribute_words
            when lower(attributes.attribute_level) in ('no', 'false')
                then 'no ' || attributes.attribute_words
            when
                level_counts.attribute_count > 1
                or length(attributes.attribute_level) = 1
                or {{ text_as('attributes.attribute_level', 'double') }} is not null
                or lower(attributes.attribute_level) in ('other', 'unknown')
                then attributes.attribute_words || ' ' || attributes.attribute_level
            else attributes.attribute_level
        end as level_words
    from attributes
    left join level_counts on attributes.attribute_level = level_counts.attribute_level
),

worded as (
    select
        levels.feature,
        levels.family,
        levels.kind,
        case
            when levels.kind = 'category'
                then
                    coalesce(
                        replace(
                            phrases.phrase_high, '{level}', levels.attribute_level
                        ),
                        levels.level_words
                    )
            else coalesce(phrases.phrase_high, 'high ' || levels.attribute_words)
        end as phrase_high,
        case
            when levels.kind = 'category'
                then
                    coalesce(
                        replace(phrases.phrase_low, '{level}', levels.attribute_level),
                        'not ' || levels.level_words
                    )
            else coalesce(phrases.phrase_low, 'low ' || levels.attribute_words)
        end as phrase_low,
        -- Of a yes and its no, which say the same, the yes stays.
        case when levels.is_denial then 201 else 200 end as priority
    from levels
    left join phrases
        on
            levels.attribute = phrases.attribute
            and (levels.kind = 'category') = phrases.is_of_levels
            and coalesce(lower(levels.attribute_level), '') not in ('other', 'unknown')
)

select * from worded
