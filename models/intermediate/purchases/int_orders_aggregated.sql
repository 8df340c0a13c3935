with lines as (
    select * from {{ ref('input_transactions') }}
),

products as (
    select * from {{ ref('input_products') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

margin_assumptions as (
    select * from {{ ref('margin_assumptions') }}
    where connector = '{{ var("connector") }}'
),

counted_lines as (
    select
        lines.*,
        coalesce(identified.customer_id, lines.customer_id) as surviving_customer_id,
        {{ counted_units("lines.quantity", "products.department") }} as unit_count,
        {{ is_in_list("products.department", setting("automatic_departments")) }}
            as is_automatic,
        case
            when lines.cost_amount is null
                then {{ product_cost("lines", "products.unit_cost") }}
        end as product_cost_amount,
        {{ as_amount("lines.net_amount * (1 - coalesce(margin_assumptions.margin_share, "
            ~ "cast(" ~ setting("assumed_margin_share") ~ " as decimal(9, 6))))") }}
            as assumable_cost_amount
    from lines
    left join products on lines.product_id = products.product_id
    left join margin_assumptions on products.department = margin_assumptions.department
    left join identified on lines.customer_id = identified.source_customer_id
),

costed_lines as (
    select
        *,
        case
            when cost_amount is null and product_cost_amount is null
                then assumable_cost_amount
        end as assumed_cost_amount
    from counted_lines
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
        {{ as_amount(
            "sum(case when transaction_type = 'sale' and not is_automatic "
            "then net_amount else 0 end)"
        ) }} as sale_amount,
        {{ as_amount("sum(case when transaction_type = 'return' then net_amount else 0 end)") }}
            as returns_amount,
        -- What the source tells, else what its products cost, else what is assumed.
        {{ as_amount("sum(coalesce(cost_amount, product_cost_amount, assumed_cost_amount))") }}
            as cost_amount,
        {{ as_amount("sum(coalesce(product_cost_amount, 0))") }} as product_cost_amount,
        {{ as_amount("sum(coalesce(assumed_cost_amount, 0))") }} as assumed_cost_amount,
        {{ as_amount("sum(case when assumed_cost_amount is null then net_amount else 0 end)") }}
            as costed_net_amount,
        {{ as_amount("sum(coalesce(third_party_funded_amount, 0))") }}
            as third_party_funded_amount,
        min(case when is_automatic then 1 else 0 end) = 1 as is_automatic,
        min(occurred_at) as ordered_at,
        occurred_on as ordered_on
    from costed_lines
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
