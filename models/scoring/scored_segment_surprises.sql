with left_out as (
    select * from {{ ref('scored_left_out_months') }}
),

differences as (
    select
        differences.*,
        left_out.month_on is not null as is_left_out
    from {{ ref('scored_warning_differences') }} as differences
    left join left_out
        on
            differences.segmentation = left_out.segmentation
            and differences.segment_key = left_out.segment_key
            and differences.measure = left_out.measure
            and differences.month_on = left_out.month_on
),

{{ warning_surprises() }},

ranked as (
    select
        *,
        count(*) over (partition by segmentation, month_on) as test_count,
        row_number() over (
            partition by segmentation, month_on order by p_value, segment_key, measure
        ) as p_rank
    from surprises
),

-- Benjamini and Hochberg (1995): the share of false alarms among those this sure.
adjusted as (
    select
        segmentation,
        segment_key,
        measure,
        customer_count,
        baseline_months,
        degrees,
        dispersion,
        shown_value,
        rest_value,
        baseline_rest_value,
        own_level,
        worsening,
        deviation,
        standardised_deviation,
        p_value,
        min(p_value * test_count / p_rank) over (
            partition by segmentation, month_on
            order by p_rank desc
            rows between unbounded preceding and current row
        ) as adjusted_p_value,
        is_share,
        is_rise_bad,
        month_on
    from ranked
)

select * from adjusted
