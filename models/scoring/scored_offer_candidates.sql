with customers as (
    select * from {{ ref('scored_offer_customers') }}
),

candidates as (
    select * from {{ ref('scored_offer_popularity') }}
    where is_candidate
),

candidate_items as (
    select distinct
        scored_on,
        level,
        item
    from candidates
),

held as (
    select
        counted.scored_on,
        counted.level,
        counted.customer_id,
        counted.item
    from {{ ref('int_customer_items_counted') }} as counted
    inner join candidate_items
        on
            counted.scored_on = candidate_items.scored_on
            and counted.level = candidate_items.level
            and counted.item = candidate_items.item
),

barred as (
    select * from {{ ref('scored_barred_offers') }}
),

-- At a cut-off both levels are proved, without rules: they are those of today.
paired as (
    select
        customers.scored_on,
        customers.is_current,
        candidates.level,
        customers.customer_id,
        customers.segment_key,
        candidates.item,
        candidates.product_type,
        candidates.recent_share,
        candidates.recent_place,
        candidates.segment_place
    from customers
    inner join candidates
        on
            customers.scored_on = candidates.scored_on
            and customers.segment_key = candidates.segment_key
    left join held
        on
            customers.scored_on = held.scored_on
            and customers.customer_id = held.customer_id
            and candidates.level = held.level
            and candidates.item = held.item
    left join barred
        on
            customers.scored_on = barred.scored_on
            and customers.customer_id = barred.customer_id
            and candidates.level = barred.level
            and candidates.item = barred.item
    where
        held.customer_id is null
        and barred.customer_id is null
        and (
            not customers.is_current
            or candidates.level = '{{ setting("offer_level") }}'
        )
)

select * from paired
