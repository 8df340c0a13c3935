{%- set columns = [
    "half_days", "previous_half_days", "half_amount", "longer_days", "previous_longer_days",
    "horizon_days", "horizon_amount", "horizon_lines", "horizon_gross", "horizon_discount",
    "baseline_days", "baseline_lines", "baseline_gross", "baseline_discount",
] -%}

with at_risk as (
    select * from {{ ref('scored_at_risk_customers') }}
),

dates as (
    select * from {{ ref('int_risk_dates_resolved') }}
    where is_current
),

features as (
    select * from {{ ref('ml_risk_features') }}
),

histories as (
    select * from {{ ref('int_purchase_histories_measured') }}
),

interactions as (
    select * from {{ ref('int_risk_interactions_summed') }}
),

evidence as (
    select
        at_risk.customer_id,
        {%- for feature in risk_features() %}
        features.{{ feature }},
        {%- endfor %}
        features.baseline_horizon_amount,
        {%- for column in columns %}
        histories.{{ column }},
        {%- endfor %}
        interactions.visits,
        interactions.recent_visits,
        interactions.visit_seconds,
        interactions.recent_visit_seconds,
        interactions.timed_visits,
        interactions.recent_timed_visits,
        interactions.messages,
        interactions.recent_messages,
        interactions.opened_messages,
        interactions.recent_opened_messages,
        interactions.recent_support_contacts
    from at_risk
    cross join dates
    inner join features
        on
            dates.scored_on = features.scored_on
            and at_risk.customer_id = features.customer_id
    inner join histories
        on
            dates.scored_on = histories.scored_on
            and at_risk.customer_id = histories.customer_id
    left join interactions
        on
            dates.scored_on = interactions.scored_on
            and at_risk.customer_id = interactions.customer_id
),

told as (
    {%- for feature, (now, usual, kind) in risk_evidence().items() %}
    select
        customer_id,
        '{{ feature }}' as feature,
        {{ number_text(now, kind) }} as now_text,
        {% if usual != "null" -%}
        {{ number_text(usual, kind) }}
        {%- else -%}
        cast(null as {{ dbt.type_string() }})
        {%- endif %} as usual_text
    from evidence
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from told
