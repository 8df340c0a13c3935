with offers as (
    select * from {{ ref('scored_chosen_offers') }}
    where score_source = 'weights'
),

held as (
    select * from {{ ref('int_customer_items_counted') }}
    where
        level = 'product_type'
        and {{ is_within("last_bought_on", "scored_on", setting("offer_history_days")) }}
),

weights as (
    select * from {{ ref('ml_active_offer_weights') }}
),

restricted_types as (
    select distinct
        scored_on,
        product_type
    from {{ ref('int_offer_products_described') }}
    where is_restricted
),

-- Apart, lest what is held be joined with every weight before the offers are.
pairs as {{ materialized() }} (
    select
        offers.as_of_date,
        offers.customer_id,
        offers.item,
        held.item as other_item
    from offers
    inner join held
        on
            offers.as_of_date = held.scored_on
            and offers.customer_id = held.customer_id
    left join restricted_types
        on
            held.scored_on = restricted_types.scored_on
            and held.item = restricted_types.product_type
    -- A public list does not tell what stands in the restricted one.
    where offers.is_restricted or restricted_types.product_type is null
),

ranked as (
    select
        pairs.customer_id,
        pairs.item,
        pairs.other_item,
        round({{ share_of("weights.both_count", "weights.other_count") }}, 9)
            as bought_with_share,
        row_number() over (
            partition by pairs.customer_id, pairs.item
            order by weights.weight desc, pairs.other_item asc
        ) as evidence_rank
    from pairs
    inner join weights
        on
            pairs.as_of_date = weights.scored_on
            and pairs.item = weights.item
            and pairs.other_item = weights.other_item
    -- What speaks against an offer is no reason for it.
    where weights.weight > 0
)

select
    customer_id,
    item,
    other_item,
    bought_with_share
from ranked
where evidence_rank = 1
