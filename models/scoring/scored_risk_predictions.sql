with labels as (
    select * from {{ ref('ml_risk_labels') }}
),

scores as (
    select * from {{ ref('scored_risk_scores') }}
    where is_behaviour
),

challenger as (
    select * from {{ ref('ml_risk_challenger') }}
),

cell_rates as (
    select * from {{ ref('scored_rfm_cell_rates') }}
),

outcomes as (
    select * from {{ ref('scored_outcome_scores') }}
    where is_out_of_fold
),

-- Whoever stays away long is likely to lapse and unlikely to come back.
joined as (
    select
        labels.scored_on,
        labels.target,
        labels.customer_id,
        labels.label,
        case when labels.target = 'return' then -1 else 1 end as direction,
        scores.probability as scorecard,
        challenger.probability as boosting,
        case
            when labels.target = 'return' then 1 - labels.no_purchase_probability
            else labels.no_purchase_probability
        end as purchase_model,
        cell_rates.cell_rate as rfm_cell_rate,
        labels.recency_days as recency,
        labels.overdue_ratio
    from labels
    left join scores
        on
            labels.scored_on = scores.scored_on
            and labels.target = scores.target
            and labels.customer_id = scores.customer_id
    left join challenger
        on
            labels.scored_on = cast(challenger.scored_on as date)
            and labels.target = challenger.target
            and labels.customer_id = challenger.customer_id
    left join cell_rates
        on
            labels.scored_on = cell_rates.scored_on
            and labels.target = cell_rates.target
            and labels.customer_id = cell_rates.customer_id
),

predictions as (
    {%- for method in ["scorecard", "boosting", "purchase_model", "rfm_cell_rate"] %}
    select
        scored_on,
        target,
        customer_id,
        label,
        '{{ method }}' as method,
        {{ method }} as prediction,
        true as is_probability,
        'out_of_time' as evaluation
    from joined
    where {{ method }} is not null
    union all
    {%- endfor %}
    {%- for method in ["recency", "overdue_ratio"] %}
    select
        scored_on,
        target,
        customer_id,
        label,
        '{{ method }}' as method,
        direction * coalesce({{ method }}, 0) as prediction,
        false as is_probability,
        'out_of_time' as evaluation
    from joined
    union all
    {%- endfor %}
    select
        scored_on,
        target,
        customer_id,
        case when has_happened then 1.0 else 0.0 end as label,
        'scorecard' as method,
        probability as prediction,
        true as is_probability,
        'cross_validated' as evaluation
    from outcomes
)

select * from predictions
