with actions as (
    select * from {{ ref('scored_retention_actions') }}
    where offer_purpose is not null
),

offers as (
    select * from {{ ref('scored_next_best_offers') }}
    where not is_restricted
),

-- An offer of the other purpose is better than none.
ranked as (
    select
        offers.*,
        row_number() over (
            partition by actions.customer_id
            order by
                case when offers.purpose = actions.offer_purpose then 0 else 1 end,
                offers.offer_rank,
                offers.purpose
        ) as fit_rank
    from actions
    inner join offers on actions.customer_id = offers.customer_id
)

select
    customer_id,
    product_id,
    product_name,
    reason
from ranked
where fit_rank = 1
