with new_offers as (
    select * from {{ ref('scored_new_offers') }}
    where is_current
),

reorder_offers as (
    select * from {{ ref('scored_reorder_offers') }}
    where is_current
)

select
    'new' as purpose,
    level,
    customer_id,
    segment_key,
    item,
    product_type,
    score_source,
    score,
    recent_share,
    offer_rank,
    cast(null as bigint) as purchase_days,
    cast(null as bigint) as days_since_last,
    cast(null as double) as mean_interval_days,
    cast(null as boolean) as is_due,
    scored_on as as_of_date
from new_offers
union all
select
    'reorder' as purpose,
    level,
    customer_id,
    segment_key,
    item,
    product_type,
    'own_rhythm' as score_source,
    score,
    cast(null as double) as recent_share,
    offer_rank,
    purchase_days,
    days_since_last,
    mean_interval_days,
    is_due,
    scored_on as as_of_date
from reorder_offers
