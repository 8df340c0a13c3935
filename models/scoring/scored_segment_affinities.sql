{%- set counts = [
    "customers", "compared_customers", "sale_line_count", "discounted_line_count",
    "recent_line_count", "earlier_line_count", "expected_amount",
] -%}
{%- set amounts = ["net_revenue_amount", "counted_amount", "recent_amount", "earlier_amount"] -%}

with buyers as (
    select * from {{ ref('scored_segment_buyers') }}
),

bought as (
    select * from {{ ref('scored_segment_categories') }}
),

categories as (
    select distinct category from bought
),

-- What a segment does not buy is a row too.
spread as (
    select
        buyers.segmentation,
        buyers.segment_key,
        categories.category,
        buyers.buyers,
        buyers.recent_amount as recent_total,
        buyers.earlier_amount as earlier_total,
        {%- for count in counts %}
        coalesce(bought.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        {%- for amount in amounts %}
        {{ as_amount("coalesce(bought." ~ amount ~ ", 0)") }} as {{ amount }},
        {%- endfor %}
        {{ share_change_variance("bought", "buyers") }} as share_change_variance
    from buyers
    cross join categories
    left join bought
        on
            buyers.segmentation = bought.segmentation
            and buyers.segment_key = bought.segment_key
            and categories.category = bought.category
),

-- The segments of a segmentation, guests included, are everybody.
summed as (
    select
        *,
        {%- for measure in [
            "buyers", "customers", "sale_line_count", "discounted_line_count", "recent_amount",
            "earlier_amount", "recent_total", "earlier_total",
        ] %}
        sum({{ measure }}) over (partition by segmentation, category)
            as all_{{ measure }},
        {%- endfor %}
        -- Rounding may carry a variance of nothing below 0.
        case
            when share_change_variance is not null
                then round(sqrt(greatest(share_change_variance, 0)), 12)
        end as share_change_error
    from spread
)

select * from summed
