with totals as (
    select * from {{ ref('scored_warning_totals') }}
),

everybody as (
    select
        segmentation,
        measure,
        month_on,
        sum(customer_count) as customer_count,
        sum(total) as total,
        sum(squares) as squares
    from totals
    group by segmentation, measure, month_on
),

compared as (
    select
        totals.segmentation,
        totals.segment_key,
        totals.measure,
        totals.customer_count,
        totals.shown_value,
        totals.is_share,
        totals.is_rise_bad,
        totals.month_on,
        cast(totals.total as double) as total,
        cast(totals.squares as double) as squares,
        everybody.customer_count - totals.customer_count as rest_count,
        cast(everybody.total - totals.total as double) as rest_total,
        cast(everybody.squares - totals.squares as double) as rest_squares
    from totals
    inner join everybody
        on
            totals.segmentation = everybody.segmentation
            and totals.measure = everybody.measure
            and totals.month_on = everybody.month_on
    where
        totals.customer_count >= {{ setting("minimum_warning_customers") }}
        and everybody.customer_count > totals.customer_count
),

levels as (
    select
        *,
        {{ warning_level("is_share", "total", "customer_count") }} as own_level,
        {{ warning_level("is_share", "rest_total", "rest_count") }} as rest_level,
        {{ warning_variance("is_share", "total", "squares", "customer_count") }}
        + {{ warning_variance("is_share", "rest_total", "rest_squares", "rest_count") }}
            as variance
    from compared
),

-- Positive is bad news, whatever the measure.
differences as (
    select
        segmentation,
        segment_key,
        measure,
        customer_count,
        shown_value,
        is_share,
        is_rise_bad,
        month_on,
        round(rest_total / rest_count, 9) as rest_value,
        round(own_level, 9) as own_level,
        round(
            case when is_rise_bad then 1 else -1 end * (own_level - rest_level), 9
        ) as difference,
        round(variance, 9) as variance
    from levels
    where own_level is not null and rest_level is not null
)

select * from differences
