{#- More than are asked for, because the choice of products may drop some. -#}
{%- set depth = [10, 2 * setting("offers_per_customer")] | max -%}

with candidates as (
    select * from {{ ref('scored_offer_candidates') }}
),

weights as (
    select * from {{ ref('scored_offer_weight_arrays') }}
),

held as (
    select * from {{ ref('scored_offer_places') }}
),

tastes as (
    select * from {{ ref('scored_customer_tastes') }}
),

scored as (
    select
        candidates.*,
        case
            when weights.item is not null and held.customer_id is not null then 'weights'
            when tastes.taste_factor is not null then 'taste'
            else 'popularity'
        end as score_source,
        round(
            coalesce(
                {{ sum_at_places("weights.weight_array", "held.places") }},
                candidates.recent_share * coalesce(tastes.taste_factor, 1)
            ),
            9
        ) as score
    from candidates
    left join weights
        on
            candidates.scored_on = weights.scored_on
            and candidates.level = weights.level
            and candidates.item = weights.item
    left join held
        on
            candidates.scored_on = held.scored_on
            and candidates.customer_id = held.customer_id
    -- A product that is new to a customer may be of a type that they know.
    left join tastes
        on
            candidates.scored_on = tastes.scored_on
            and candidates.level = tastes.level
            and candidates.customer_id = tastes.customer_id
            and candidates.product_type = tastes.product_type
),

ranked as (
    select
        *,
        row_number() over (
            partition by scored_on, level, customer_id
            order by
                case when score_source = 'weights' then 0 else 1 end asc,
                score desc,
                recent_place asc
        ) as offer_rank
    from scored
)

select
    scored_on,
    is_current,
    level,
    customer_id,
    segment_key,
    item,
    product_type,
    score_source,
    score,
    recent_share,
    offer_rank
from ranked
where offer_rank <= {{ depth }}
