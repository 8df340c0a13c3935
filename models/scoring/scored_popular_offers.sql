with candidates as (
    select * from {{ ref('scored_offer_candidates') }}
    where not is_current
),

ranked as (
    select
        scored_on,
        level,
        customer_id,
        item,
        row_number() over (
            partition by scored_on, level, customer_id order by recent_place
        ) as recent_rank,
        row_number() over (
            partition by scored_on, level, customer_id order by segment_place
        ) as segment_rank
    from candidates
)

select
    scored_on,
    level,
    customer_id,
    item,
    recent_rank,
    segment_rank
from ranked
where recent_rank <= 10 or segment_rank <= 10
