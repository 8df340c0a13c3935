with segments as (
    select distinct segment_key from {{ ref('scored_loyalty_standings') }}
),

lines as (
    select * from {{ ref('scored_loyalty_lines') }}
),

benefits as (
    select
        *,
        -- An underscore is itself, only the star is anything.
        replace(replace(segment_key, '_', '!_'), '*', '%') as like_pattern
    from {{ ref('loyalty_benefits') }}
),

-- The most particular pattern wins: a key, then what has more letters beside its stars.
ranked as (
    select
        segments.segment_key,
        lines.loyalty_tier,
        benefits.benefit,
        benefits.evidence,
        benefits.yearly_cost_share,
        benefits.yearly_cost_amount,
        benefits.uplift_share,
        row_number() over (
            partition by segments.segment_key, lines.loyalty_tier
            order by
                case when benefits.industry = '*' then 1 else 0 end,
                case when benefits.segment_key = segments.segment_key then 0 else 1 end,
                length(replace(benefits.segment_key, '*', '')) desc,
                benefits.segment_key
        ) as match_rank
    from segments
    cross join lines
    inner join benefits
        on
            lines.loyalty_tier = benefits.loyalty_tier
            and segments.segment_key like benefits.like_pattern escape '!'
            and benefits.industry in ('*', '{{ setting("industry") }}')
)

select
    segment_key,
    loyalty_tier,
    benefit,
    evidence,
    yearly_cost_share,
    yearly_cost_amount,
    uplift_share
from ranked
where match_rank = 1
