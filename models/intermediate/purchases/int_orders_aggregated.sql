with lines as (
    select * from {{ ref('input_transactions') }}
),

products as (
    select * from {{ ref('input_products') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

counted_lines as (
    select
        lines.*,
        coalesce(identified.customer_id, lines.customer_id) as surviving_customer_id,
        {{ counted_units("lines.quantity", "products.department") }} as unit_count
    from lines
    left join products on lines.product_id = products.product_id
    left join identified on lines.customer_id = identified.source_customer_id
),

orders as (
    select
        order_id,
        surviving_customer_id as customer_id,
        min(location_id) as location_id,
        min(channel) as channel,
        count(*) as line_count,
        sum(case when transaction_type = 'sale' then unit_count end) as unit_count,
        {{ as_amount("sum(coalesce(gross_amount, net_amount + coalesce(discount_amount, 0)))") }}
            as gross_amount,
        {{ as_amount("sum(coalesce(discount_amount, gross_amount - net_amount, 0))") }}
            as discount_amount,
        {{ as_amount("sum(net_amount)") }} as net_amount,
        {{ as_amount("sum(case when transaction_type = 'sale' then net_amount else 0 end)") }}
            as sale_amount,
        {{ as_amount("sum(case when transaction_type = 'return' then net_amount else 0 end)") }}
            as returns_amount,
        -- A cost that is missing for one line would understate the order's.
        {{ as_amount("coalesce(case when count(cost_amount) = count(*) then sum(cost_amount) end, sum(net_amount) * " ~ (1 - setting("assumed_margin_share")) ~ ")") }}
            as cost_amount,
        {{ as_amount("sum(coalesce(third_party_funded_amount, 0))") }}
            as third_party_funded_amount,
        min(occurred_at) as ordered_at,
        occurred_on as ordered_on
    from counted_lines
    group by order_id, surviving_customer_id, occurred_on
),

timed as (
    select
        orders.*,
        extract(hour from {{ local_time("ordered_at") }}) as ordered_hour,
        {{ iso_weekday("ordered_on") }} as ordered_weekday
    from orders
)

select * from timed
