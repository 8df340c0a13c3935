{#- Sums over customers of products of what they spent on the category and on everything: the
    variance of a change of shares follows from them. -#}
{%- set products = {
    "recent_square": ["recent_amount", "recent_amount"],
    "recent_by_total": ["recent_amount", "recent_total"],
    "earlier_square": ["earlier_amount", "earlier_amount"],
    "earlier_by_total": ["earlier_amount", "earlier_total"],
    "recent_by_earlier": ["recent_amount", "earlier_amount"],
    "recent_by_earlier_total": ["recent_amount", "earlier_total"],
    "earlier_by_recent_total": ["earlier_amount", "recent_total"],
} -%}

with customer_categories as (
    select
        customer_categories.*,
        spend.recent_amount as recent_total,
        spend.earlier_amount as earlier_total
    from {{ ref('int_customer_categories_summed') }} as customer_categories
    left join {{ ref('int_customer_spend_summed') }} as spend
        on customer_categories.customer_id = spend.customer_id
),

placed as (
    {{ in_current_segments("customer_categories") }}
),

categories as (
    select
        segmentation,
        segment_key,
        category,
        {%- for name, (left, right) in products.items() %}
        sum({{ left }} * {{ right }}) as {{ name }},
        {%- endfor %}
        count(case when sale_line_count > 0 then customer_id end) as customers,
        count(
            case when recent_line_count > 0 or earlier_line_count > 0 then customer_id end
        ) as compared_customers,
        sum(sale_line_count) as sale_line_count,
        sum(discounted_line_count) as discounted_line_count,
        {{ as_amount("sum(net_revenue_amount)") }} as net_revenue_amount,
        {{ as_amount("sum(counted_amount)") }} as counted_amount,
        sum(expected_amount) as expected_amount,
        sum(recent_line_count) as recent_line_count,
        sum(earlier_line_count) as earlier_line_count,
        {{ as_amount("sum(recent_amount)") }} as recent_amount,
        {{ as_amount("sum(earlier_amount)") }} as earlier_amount
    from placed
    group by segmentation, segment_key, category
)

select * from categories
