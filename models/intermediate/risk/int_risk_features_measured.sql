{%- set horizon = setting("risk_horizon_days") -%}
{#- Added to both sides of a ratio of spending, so that a single order does not move it far. -#}
{%- set cushion = "0.2 * baselined.mean_order_amount" -%}

with histories as (
    select * from {{ ref('int_purchase_histories_measured') }}
),

interactions as (
    select * from {{ ref('int_risk_interactions_summed') }}
),

-- What a customer spends in a horizon by the last three, or since they came.
baselined as (
    select
        *,
        {{ share_of("total_amount", "shopping_days") }} as mean_order_amount,
        {{ share_of("last_repeat_days", "repeat_count") }} as mean_interval_days,
        cast(baseline_amount as double)
        * {{ horizon }} / least({{ 3 * horizon }}, greatest(age_days, {{ horizon }}))
            as baseline_horizon_amount
    from histories
),

measured as (
    select
        baselined.scored_on,
        baselined.customer_id,
        baselined.is_example,
        baselined.repeat_count,
        baselined.last_repeat_days,
        baselined.mean_repeat_amount,
        baselined.baseline_days,
        baselined.baseline_horizon_amount,
        baselined.horizon_amount,
        cast(baselined.shopping_days as double) as shopping_days,
        cast(baselined.age_days as double) as age_days,
        cast(baselined.recency_days as double) as recency_days,
        baselined.mean_order_amount,
        baselined.mean_interval_days,
        least(
            baselined.recency_days / nullif(baselined.mean_interval_days, 0), 50
        ) as overdue_ratio,
        cast(baselined.longer_days as double) as recent_order_count,
        (baselined.half_days + 0.5) / (baselined.previous_half_days + 0.5)
            as short_order_trend,
        (baselined.longer_days + 0.5) / (baselined.previous_longer_days + 0.5)
            as long_order_trend,
        (2 * cast(baselined.half_amount as double) + {{ cushion }})
        / nullif(baselined.baseline_horizon_amount + {{ cushion }}, 0) as short_spend_ratio,
        (cast(baselined.horizon_amount as double) + {{ cushion }})
        / nullif(baselined.baseline_horizon_amount + {{ cushion }}, 0) as long_spend_ratio,
        {{ share_of("baselined.horizon_lines", "baselined.horizon_days") }}
        / ({{ share_of("baselined.baseline_lines", "baselined.baseline_days") }})
            as basket_breadth_ratio,
        {{ share_of("baselined.horizon_discount", "baselined.horizon_gross") }}
        - {{ share_of("baselined.baseline_discount", "baselined.baseline_gross") }}
            as discount_share_change,
        (interactions.recent_visits + 0.5)
        / (cast(interactions.visits as double) / 3 + 0.5) as visit_trend,
        {{ share_of("interactions.recent_visit_seconds", "interactions.recent_timed_visits") }}
        / ({{ share_of("interactions.visit_seconds", "interactions.timed_visits") }})
            as visit_length_ratio,
        {{ share_of("interactions.recent_opened_messages", "interactions.recent_messages") }}
        - {{ share_of("interactions.opened_messages", "interactions.messages") }}
            as open_share_change,
        cast(interactions.recent_support_contacts as double) as support_contact_count,
        interactions.worst_support_tone,
        baselined.first_order_on,
        baselined.last_order_on
    from baselined
    left join interactions
        on
            baselined.scored_on = interactions.scored_on
            and baselined.customer_id = interactions.customer_id
),

-- The last bit of a quotient is another machine's business.
rounded as (
    select
        scored_on,
        customer_id,
        is_example,
        repeat_count,
        last_repeat_days,
        mean_repeat_amount,
        baseline_days,
        round(baseline_horizon_amount, 9) as baseline_horizon_amount,
        {%- for feature in risk_features() if feature != "no_purchase_probability" %}
        round({{ feature }}, 9) as {{ feature }},
        {%- endfor %}
        horizon_amount,
        first_order_on,
        last_order_on
    from measured
)

select * from rounded
