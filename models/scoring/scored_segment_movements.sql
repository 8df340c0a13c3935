with affinities as (
    select
        *,
        {{ share_of("recent_amount", "recent_total") }}
        - {{ share_of("earlier_amount", "earlier_total") }} as share_change
    from {{ ref('scored_segment_affinities') }}
),

-- How far from no change, in standard deviations; few buyers tell less (Student).
standardised as (
    select
        *,
        case
            when share_change_error > 0 and compared_customers > 1
                then
                    round(
                        {{ t_as_normal(
                            "(share_change / share_change_error)", "(compared_customers - 1)"
                        ) }},
                        9
                    )
        end as deviation
    from affinities
),

tested as (
    select
        *,
        case when deviation is not null then 2 * {{ normal_tail("abs(deviation)") }} end
            as p_value
    from standardised
),

ranked as (
    select
        *,
        count(p_value) over (partition by segmentation, segment_key) as test_count,
        row_number() over (
            partition by segmentation, segment_key
            order by case when p_value is null then 1 else 0 end, p_value, category
        ) as p_rank
    from tested
),

-- Benjamini and Hochberg (1995): the share of false alarms among those this sure.
adjusted as (
    select
        *,
        min(p_value * test_count / p_rank) over (
            partition by segmentation, segment_key
            order by p_rank desc
            rows between unbounded preceding and current row
        ) as adjusted_p_value
    from ranked
),

movements as (
    select
        segmentation,
        segment_key,
        category,
        case
            when share_change is null then null
            when
                p_value is null
                or adjusted_p_value > {{ setting("movement_false_discovery_rate") }}
                then 'same'
            when share_change > 0 and earlier_line_count = 0 then 'started'
            when share_change < 0 and recent_line_count = 0 then 'stopped'
            when share_change > 0 then 'more'
            else 'less'
        end as movement,
        share_change,
        share_change - 1.6448536269514722e0 * share_change_error as share_change_low,
        share_change + 1.6448536269514722e0 * share_change_error as share_change_high,
        p_value,
        adjusted_p_value
    from adjusted
)

select * from movements
