-- Nobody is lost: each available segmentation places every known customer, once.
with customers as (
    select count(*) as customer_count
    from {{ ref('customer_features') }}
),

placed as (
    select
        segmentation,
        count(distinct customer_id) as customer_count,
        count(*) as row_count
    from {{ ref('customer_segments') }}
    group by segmentation
)

select placed.*
from placed
cross join customers
where
    placed.customer_count <> customers.customer_count
    or placed.row_count <> customers.customer_count
