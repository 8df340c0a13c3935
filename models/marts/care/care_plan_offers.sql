with offers as (
    select * from {{ ref('scored_next_best_offers') }}
),

care_plan_offers as (
    select
        customer_id,
        purpose,
        product_id,
        product_name,
        product_type,
        offer_type,
        score_source,
        reason,
        cast(offer_rank as bigint) as offer_rank,
        cast(score as double) as score,
        cast(purchase_days as bigint) as purchase_days,
        cast(days_since_last as bigint) as days_since_last,
        cast(mean_interval_days as double) as mean_interval_days,
        is_due,
        as_of_date
    from offers
    where is_restricted
)

select * from care_plan_offers
