with differences as (
    select
        *,
        false as is_left_out
    from {{ ref('scored_warning_differences') }}
),

{{ warning_surprises() }},

left_out as (
    select distinct
        segmentation,
        segment_key,
        measure,
        month_on
    from surprises
    where p_value <= {{ setting("false_discovery_rate") }}
)

select * from left_out
