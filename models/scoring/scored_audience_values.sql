with patterns as (
    select * from {{ ref('int_audience_patterns_listed') }}
),

rules as (
    select * from {{ ref('scored_audience_rules') }}
),

traits as (
    select * from {{ ref('scored_customer_traits') }}
),

-- Every segment that has a name, so that an empty one is told from a wrong key.
segments as (
    select * from {{ ref('scored_segment_names') }}
),

-- Patterns are compared with the few values there are, not with every customer.
known_values as (
    select
        segmentation,
        'segment_key' as criterion,
        segment_key as value
    from segments
    {%- for criterion in ["risk_band", "loyalty_tier", "region", "country_code"] %}
    union all
    select distinct
        cast(null as string) as segmentation,
        '{{ criterion }}' as criterion,
        {{ criterion }} as value
    from traits
    where {{ criterion }} is not null
    {%- endfor %}
)

select distinct
    patterns.audience,
    patterns.criterion,
    known_values.value
from patterns
inner join rules on patterns.audience = rules.audience
inner join known_values
    on
        patterns.criterion = known_values.criterion
        and known_values.value like patterns.like_pattern escape '!'
        and coalesce(rules.segmentation = known_values.segmentation, patterns.criterion <> 'segment_key')
