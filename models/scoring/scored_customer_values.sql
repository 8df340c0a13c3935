with features as (
    select * from {{ ref('scored_current_risk_features') }}
),

expectations as (
    select * from {{ ref('ml_purchase_expectations') }}
),

purchase_models as (
    select * from {{ ref('ml_active_purchase_models') }}
),

margins as (
    select * from {{ ref('int_margin_measured') }}
),

joined as (
    select
        features.customer_id,
        features.baseline_horizon_amount
        * {{ setting("value_horizon_days") }} / {{ setting("risk_horizon_days") }}
            as lasting_amount,
        features.repeat_count,
        features.mean_repeat_amount,
        features.probability_alive,
        expectations.expected_orders,
        expectations.discounted_orders,
        expectations.discounted_orders_if_alive,
        purchase_models.model,
        purchase_models.model_version,
        purchase_models.p,
        purchase_models.q,
        purchase_models.gamma,
        purchase_models.population_mean_amount,
        coalesce(
            purchase_models.order_value_status = 'fitted'
            and purchase_models.is_independent,
            false
        ) as has_order_value_model,
        -- Repeat orders whose mean says something.
        case
            when features.mean_repeat_amount is null then 0
            else features.repeat_count
        end as valued_orders,
        margins.margin_share,
        margins.margin_basis
    from features
    cross join margins
    left join purchase_models on features.scored_on = purchase_models.scored_on
    left join expectations
        on
            features.repeat_count = expectations.repeat_count
            and features.last_repeat_days = expectations.last_repeat_days
            and features.age_days = expectations.age_days
),

-- Gamma-Gamma where frequency and value are independent, else the own mean, shrunk
-- towards that of everybody by the weight of one order.
valued as (
    select
        *,
        round(
            case
                when has_order_value_model
                    then
                        p * (gamma + valued_orders * coalesce(mean_repeat_amount, 0))
                        / (p * valued_orders + q - 1)
                else
                    (
                        valued_orders * coalesce(mean_repeat_amount, 0)
                        + population_mean_amount
                    ) / (valued_orders + 1)
            end,
            9
        ) as expected_order_amount
    from joined
)

select
    customer_id,
    model,
    model_version,
    margin_basis,
    probability_alive,
    expected_orders,
    margin_share,
    expected_order_amount,
    {{ as_amount("discounted_orders * expected_order_amount * margin_share") }}
        as expected_value_amount,
    -- Without a purchase model: what the customer spends now, for as long.
    {{ as_amount("coalesce(discounted_orders_if_alive * expected_order_amount, lasting_amount) * margin_share") }}
        as value_at_risk_amount
from valued
