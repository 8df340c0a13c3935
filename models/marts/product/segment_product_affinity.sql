with affinities as (
    select * from {{ ref('scored_segment_affinities') }}
),

movements as (
    select * from {{ ref('scored_segment_movements') }}
),

names as (
    select * from {{ ref('scored_known_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

segment_product_affinity as (
    select
        affinities.segmentation,
        affinities.segment_key,
        names.segment_name,
        affinities.category,
        movements.movement,
        '{{ setting("reporting_currency") }}' as currency_code,
        cast(affinities.customers as bigint) as customers,
        cast(affinities.buyers as bigint) as buyers,
        {{ share_of("affinities.customers", "affinities.buyers") }} as penetration,
        {{ share_of("affinities.all_customers", "affinities.all_buyers") }}
            as population_penetration,
        {{ share_of("affinities.customers", "affinities.buyers") }}
        / nullif({{ share_of("affinities.all_customers", "affinities.all_buyers") }}, 0) as lift,
        {%- for side in ["low", "high"] %}
        {{ lift_limit(
            "affinities.customers", "affinities.buyers",
            "affinities.all_customers", "affinities.all_buyers", side
        ) }} as lift_{{ side }},
        {%- endfor %}
        affinities.net_revenue_amount,
        {{ share_of("affinities.recent_amount", "affinities.recent_total") }} as recent_share,
        {{ share_of("affinities.earlier_amount", "affinities.earlier_total") }}
            as earlier_share,
        movements.share_change,
        movements.share_change_low,
        movements.share_change_high,
        {{ share_of("affinities.all_recent_amount", "affinities.all_recent_total") }}
        - {{ share_of("affinities.all_earlier_amount", "affinities.all_earlier_total") }}
            as population_share_change,
        {{ share_of("affinities.discounted_line_count", "affinities.sale_line_count") }}
            as discounted_line_share,
        {{ share_of("affinities.all_discounted_line_count", "affinities.all_sale_line_count") }}
            as population_discounted_line_share,
        {{ share_of("affinities.discounted_line_count", "affinities.sale_line_count") }}
        / nullif(
            {{ share_of(
                "affinities.all_discounted_line_count", "affinities.all_sale_line_count"
            ) }},
            0
        ) as discount_ratio,
        {{ share_of("affinities.counted_amount", "affinities.expected_amount") }}
            as price_ratio,
        as_of_dates.as_of_date
    from affinities
    inner join movements
        on
            affinities.segmentation = movements.segmentation
            and affinities.segment_key = movements.segment_key
            and affinities.category = movements.category
    inner join names
        on
            affinities.segmentation = names.segmentation
            and affinities.segment_key = names.segment_key
    cross join as_of_dates
)

select * from segment_product_affinity
