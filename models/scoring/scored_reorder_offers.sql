{#- More than are asked for, because the choice of products may drop some. -#}
{%- set depth = [10, 2 * setting("offers_per_customer")] | max -%}

with held as (
    select * from {{ ref('scored_held_offers') }}
),

-- What was left out three times over is not due but given up.
judged as (
    select
        *,
        coalesce(
            days_since_last >= mean_interval_days
            and days_since_last <= 3 * mean_interval_days,
            false
        ) as is_due
    from held
),

scored as (
    select
        *,
        cast(purchase_days as double)
        * case when is_due then {{ setting("reorder_due_factor") }} else 1 end as score
    from judged
),

ranked as (
    select
        *,
        row_number() over (
            partition by scored_on, level, customer_id
            order by score desc, recent_place asc
        ) as offer_rank,
        row_number() over (
            partition by scored_on, level, customer_id
            order by purchase_days desc, recent_place asc
        ) as frequency_rank
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
    score,
    purchase_days,
    days_since_last,
    mean_interval_days,
    is_due,
    offer_rank,
    frequency_rank
from ranked
where offer_rank <= {{ depth }} or (not is_current and frequency_rank <= 10)
