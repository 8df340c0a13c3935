with surprises as (
    select * from {{ ref('scored_segment_surprises') }}
),

-- What everybody else's month and the usual distance from them would have given.
expected as (
    select
        *,
        case
            when not is_share then shown_value * exp(worsening)
            when is_rise_bad then 1 / (1 + exp(worsening - own_level))
            else 1 / (1 + exp(-worsening - own_level))
        end as expected_value,
        round(
            100 * case
                when is_share then rest_value - baseline_rest_value
                else rest_value / baseline_rest_value - 1
            end
        ) as rest_change
    from surprises
),

judged as (
    select
        *,
        adjusted_p_value <= {{ setting("false_discovery_rate") }}
        and abs(shown_value - expected_value)
        >= expected_value * {{ setting("minimum_warning_change") }} as is_alert
    from expected
),

shown as (
    select
        *,
        {{ warning_value_words("shown_value", "is_share") }} as shown_words,
        {{ warning_value_words("expected_value", "is_share") }} as expected_words,
        cast(cast(abs(rest_change) as decimal(38, 0)) as {{ dbt.type_string() }}) as rest_words
    from judged
),

worded as (
    select
        segmentation,
        segment_key,
        measure,
        shown_words
        || case measure
            when 'active_share' then ' {{ word("ordered") }} in '
            when 'outflow_share' then ' moved to a worse segment in '
            when 'at_risk_share' then ' were at risk in '
            else ' per customer in '
        end
        || {{ month_words("month_on") }} || ', ' || expected_words
        || ' was to be expected; everybody else '
        || case
            when rest_change = 0 then 'stayed as before'
            else
                case when rest_change < 0 then 'fell by ' else 'rose by ' end
                || rest_words
                || case
                    when not is_share then ' %'
                    when rest_words = '1' then ' point'
                    else ' points'
                end
        end as reason,
        round(expected_value, 9) as expected_value,
        round(shown_value - expected_value, 9) as change,
        p_value,
        is_alert,
        month_on
    from shown
)

select * from worded
