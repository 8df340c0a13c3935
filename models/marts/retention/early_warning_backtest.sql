with ranks as (
    select * from {{ ref('scored_risk_ranks') }}
),

lead_times as (
    select * from {{ ref('scored_risk_lead_times') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

measured as (
    select
        scored_on,
        target,
        method,
        max(evaluation) as evaluation,
        max(customers) as customers,
        max(events) as events,
        sum(case when label = 1 then mean_rank else 0 end) as event_ranks,
        {{ exact_sum("case when label = 1 then events_at_least / customers_at_least end") }}
            as precisions,
        sum(case when is_in_decile then 1 else 0 end) as decile_customers,
        sum(case when is_in_decile then label else 0 end) as decile_events,
        sum(case when is_in_capacity then 1 else 0 end) as capacity_customers,
        sum(case when is_in_capacity then label else 0 end) as capacity_events,
        {{ exact_sum(
            "case when is_probability then (prediction - label) * (prediction - label) end"
        ) }} as squared_errors
    from ranks
    group by scored_on, target, method
),

backtest as (
    select
        measured.target,
        measured.scored_on as cutoff_on,
        measured.method,
        measured.evaluation,
        measured.customers,
        cast(measured.events as bigint) as events,
        {{ share_of("measured.events", "measured.customers") }} as base_rate,
        (measured.event_ranks - measured.events * (measured.events + 1) / 2)
        / nullif(measured.events * (measured.customers - measured.events), 0) as roc_auc,
        measured.precisions / nullif(measured.events, 0) as average_precision,
        {{ share_of("measured.decile_events", "measured.decile_customers") }}
            as precision_at_decile,
        {{ share_of("measured.decile_events", "measured.decile_customers") }}
        / nullif({{ share_of("measured.events", "measured.customers") }}, 0)
            as lift_at_decile,
        {{ share_of("measured.capacity_events", "measured.capacity_customers") }}
            as precision_at_capacity,
        {{ share_of("measured.squared_errors", "measured.customers") }} as brier_score,
        lead_times.median_lead_days,
        as_of_dates.as_of_date
    from measured
    cross join as_of_dates
    left join lead_times
        on
            measured.scored_on = lead_times.scored_on
            and measured.target = lead_times.target
            and measured.method = lead_times.method
)

select
    target,
    method,
    evaluation,
    customers,
    events,
    base_rate,
    round(roc_auc, 9) as roc_auc,
    round(average_precision, 9) as average_precision,
    precision_at_decile,
    lift_at_decile,
    precision_at_capacity,
    round(brier_score, 9) as brier_score,
    cast(median_lead_days as double) as median_lead_days,
    cutoff_on,
    as_of_date
from backtest
