with spend as (
    select * from {{ ref('int_customer_spend_summed') }}
),

placed as (
    {{ in_current_segments("spend") }}
),

buyers as (
    select
        segmentation,
        segment_key,
        count(case when sale_line_count > 0 then customer_id end) as buyers,
        count(case when recent_amount <> 0 or earlier_amount <> 0 then customer_id end)
            as compared_customers,
        {{ as_amount("sum(net_revenue_amount)") }} as net_revenue_amount,
        {{ as_amount("sum(recent_amount)") }} as recent_amount,
        {{ as_amount("sum(earlier_amount)") }} as earlier_amount,
        sum(recent_amount * recent_amount) as recent_square,
        sum(earlier_amount * earlier_amount) as earlier_square,
        sum(recent_amount * earlier_amount) as cross_product
    from placed
    group by segmentation, segment_key
)

select * from buyers
