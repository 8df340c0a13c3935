{#- Student's t with 15 degrees of freedom, one side 5 %. -#}
{%- set t_value = "1.7530503556925547e0" -%}

with lifts as (
    select
        *,
        ({{ share_of("orders", "left_orders") }})
        / ({{ share_of("right_orders", "segment_orders") }}) as lift
    from {{ ref('scored_basket_lifts') }}
),

errors as (
    select * from {{ ref('scored_basket_errors') }}
),

names as (
    select * from {{ ref('scored_known_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

sampled as (
    select max(sample_share) as sample_share from {{ ref('int_order_sample_drawn') }}
),

segment_basket_pairs as (
    select
        lifts.segmentation,
        lifts.segment_key,
        names.segment_name,
        lifts.left_category,
        lifts.right_category,
        cast(lifts.orders as bigint) as orders,
        cast(lifts.left_orders as bigint) as left_orders,
        cast(lifts.right_orders as bigint) as right_orders,
        cast(lifts.segment_orders as bigint) as segment_orders,
        sampled.sample_share,
        {{ share_of("lifts.orders", "lifts.segment_orders") }} as support,
        {{ share_of("lifts.orders", "lifts.left_orders") }} as confidence_left_to_right,
        {{ share_of("lifts.orders", "lifts.right_orders") }} as confidence_right_to_left,
        lifts.lift,
        -- Sixteen groups need some customers each.
        case
            when lifts.buyers >= 64
                then round(lifts.lift * exp(-{{ t_value }} * errors.standard_error), 9)
        end as lift_low,
        case
            when lifts.buyers >= 64
                then round(lifts.lift * exp({{ t_value }} * errors.standard_error), 9)
        end as lift_high,
        as_of_dates.as_of_date
    from lifts
    inner join errors
        on
            lifts.segment_number = errors.segment_number
            and lifts.left_number = errors.left_number
            and lifts.right_number = errors.right_number
    inner join names
        on
            lifts.segmentation = names.segmentation
            and lifts.segment_key = names.segment_key
    cross join as_of_dates
    cross join sampled
)

select * from segment_basket_pairs
