with lines as (
    select * from {{ ref('input_transactions') }}
),

drawn as (
    select * from {{ ref('int_order_sample_drawn') }}
),

products as (
    select * from {{ ref('input_products') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

categories as (
    select distinct
        lines.order_id,
        drawn.order_number,
        coalesce(identified.customer_id, lines.customer_id) as customer_id,
        coalesce(products.{{ setting("basket_level") }}, 'unknown') as category,
        lines.occurred_on as ordered_on
    from lines
    inner join drawn on lines.order_id = drawn.order_id
    inner join as_of_dates
        on {{ is_within(
            "lines.occurred_on", "as_of_dates.as_of_date", setting("feature_window_days")
        ) }}
    left join products on lines.product_id = products.product_id
    left join identified on lines.customer_id = identified.source_customer_id
    where lines.transaction_type = 'sale'
),

-- A guest is somebody else with each order.
keyed as (
    select
        *,
        coalesce('customer ' || customer_id, 'order ' || order_id) as buyer_key
    from categories
),

keys as (
    select distinct buyer_key from keyed
),

-- Orders of one customer resemble each other, so customers are what varies: sixteen random
-- groups of them.
buyers as (
    select
        buyer_key,
        cast(row_number() over (order by buyer_key) as integer) as buyer_number,
        substr({{ dbt.hash("buyer_key") }}, 1, 1) as random_group
    from keys
)

select
    keyed.order_id,
    keyed.customer_id,
    keyed.category,
    buyers.random_group,
    keyed.order_number,
    buyers.buyer_number,
    keyed.ordered_on
from keyed
inner join buyers on keyed.buyer_key = buyers.buyer_key
