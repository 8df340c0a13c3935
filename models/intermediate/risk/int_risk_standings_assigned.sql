{%- set active_days = setting("active_within_days") -%}

with features as (
    select * from {{ ref('int_risk_features_measured') }}
),

-- Who has hardly begun cannot be judged; who stays away too long has left already.
assigned as (
    select
        scored_on,
        customer_id,
        case
            {%- if active_days is not none %}
            when recency_days > {{ active_days }} then 'lapsed'
            {%- endif %}
            when shopping_days < {{ setting("minimum_orders_for_risk") }} then 'too_new'
            else 'active'
        end as standing,
        recency_days <= {{ setting("risk_horizon_days") }}
        and baseline_days >= {{ setting("minimum_orders_for_decline") }} as has_baseline
    from features
)

select * from assigned
