with customer_categories as (
    select * from {{ ref('int_customer_categories_summed') }}
),

spend as (
    select
        customer_id,
        sum(sale_line_count) as sale_line_count,
        {{ as_amount("sum(net_revenue_amount)") }} as net_revenue_amount,
        {{ as_amount("sum(recent_amount)") }} as recent_amount,
        {{ as_amount("sum(earlier_amount)") }} as earlier_amount
    from customer_categories
    group by customer_id
)

select * from spend
