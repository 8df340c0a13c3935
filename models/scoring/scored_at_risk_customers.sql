with risk as (
    select * from {{ ref('scored_customer_risk') }}
    where is_primary and standing = 'active' and risk_band in ('high', 'elevated')
),

customer_values as (
    select * from {{ ref('scored_customer_values') }}
),

priced as (
    select
        risk.target,
        risk.customer_id,
        risk.risk_band,
        risk.model_version,
        risk.probability as risk_score,
        risk.logit,
        risk.base_rate,
        customer_values.value_at_risk_amount,
        {{ as_amount("risk.probability * customer_values.value_at_risk_amount") }}
            as expected_loss_amount
    from risk
    left join customer_values on risk.customer_id = customer_values.customer_id
),

ranked as (
    select
        *,
        row_number() over (
            order by
                coalesce(expected_loss_amount, 0) desc,
                risk_score desc,
                {{ dbt.hash("customer_id") }},
                customer_id
        ) as priority_rank
    from priced
)

select * from ranked
