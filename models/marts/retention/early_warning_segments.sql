with totals as (
    select * from {{ ref('scored_warning_totals') }}
),

surprises as (
    select * from {{ ref('scored_worded_surprises') }}
),

names as (
    select * from {{ ref('scored_segment_names') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

monthly as (
    select
        segmentation,
        segment_key,
        customer_count,
        {%- for measure in [
            "at_risk_share", "active_share", "spend_per_customer_amount", "outflow_share"
        ] %}
        max(case when measure = '{{ measure }}' then shown_value end) as {{ measure }},
        {%- endfor %}
        month_on
    from totals
    group by segmentation, segment_key, customer_count, month_on
),

-- The surest alert speaks for the segment; without one, what comes nearest.
ranked as (
    select
        *,
        min(case when is_alert then month_on end) over (
            partition by segmentation, segment_key
            order by month_on
            range between unbounded preceding and current row
        ) as first_alert_on,
        row_number() over (
            partition by segmentation, segment_key, month_on
            order by case when is_alert then 0 else 1 end, p_value, measure
        ) as measure_rank
    from surprises
),

early_warning_segments as (
    select
        monthly.segmentation,
        monthly.segment_key,
        names.segment_name,
        ranked.measure,
        case
            when ranked.is_alert then ranked.reason
            when ranked.reason is not null then 'Nothing unusual: ' || ranked.reason
            when monthly.customer_count < {{ setting("minimum_warning_customers") }}
                then
                    'Too few customers to tell: {{ setting("minimum_warning_customers") }}'
                    || ' are needed.'
            else
                'Too little to compare with: {{ setting("minimum_baseline_months") }}'
                || ' earlier months are needed, and the one before does not count.'
        end as reason,
        '{{ setting("reporting_currency") }}' as currency_code,
        cast(monthly.customer_count as bigint) as customer_count,
        monthly.at_risk_share,
        monthly.active_share,
        {{ as_amount("monthly.spend_per_customer_amount") }} as spend_per_customer_amount,
        monthly.outflow_share,
        ranked.expected_value as baseline_share,
        ranked.change,
        ranked.p_value,
        coalesce(ranked.is_alert, false) as is_alert,
        ranked.first_alert_on,
        monthly.month_on,
        as_of_dates.as_of_date
    from monthly
    cross join as_of_dates
    inner join names
        on
            monthly.segmentation = names.segmentation
            and monthly.segment_key = names.segment_key
    left join ranked
        on
            monthly.segmentation = ranked.segmentation
            and monthly.segment_key = ranked.segment_key
            and monthly.month_on = ranked.month_on
            and ranked.measure_rank = 1
)

select * from early_warning_segments
