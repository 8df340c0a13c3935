with cut_points as (
    select * from {{ ref('ml_rfm_cut_points') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

active_cut_points as (
    select
        cut_points.connector,
        cut_points.model_version,
        {%- for cut_point in rfm_cut_point_columns() %}
        cut_points.{{ cut_point }},
        {%- endfor %}
        cut_points.fitted_as_of
    from cut_points
    inner join as_of_dates
        on cut_points.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
    where cut_points.connector = '{{ var("connector") }}'
)

select * from active_cut_points
