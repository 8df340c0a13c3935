with lapsed as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by case when target = 'return' then 0 else 1 end, target
        ) as target_rank
    from {{ ref('scored_customer_risk') }}
    -- A recorded outcome has nobody who returns from it.
    where
        standing = 'lapsed'
        and (
            target = 'return'
            or (is_primary and target not in ('lapse', 'decline'))
        )
),

-- Who left by a recorded outcome may have stopped buying, too: that can be foretold.
risk as (
    select * from lapsed
    where target_rank = 1
),

customer_values as (
    select * from {{ ref('scored_customer_values') }}
),

features as (
    select * from {{ ref('scored_current_risk_features') }}
),

margins as (
    select * from {{ ref('int_margin_measured') }}
),

-- Where too few have come back to learn from, the purchase model answers.
judged as (
    select
        risk.customer_id,
        risk.target,
        case
            when risk.target <> 'return' then 'none'
            when risk.probability is null then 'purchase_model'
            else 'scorecard'
        end as method,
        case
            when risk.target = 'return'
                then coalesce(risk.probability, 1 - features.no_purchase_probability)
        end as return_probability,
        features.recency_days,
        features.mean_interval_days,
        features.shopping_days,
        features.mean_order_amount,
        coalesce(customer_values.expected_order_amount, features.mean_order_amount)
        * margins.margin_share as order_margin_amount,
        features.last_order_on
    from risk
    left join features on risk.customer_id = features.customer_id
    cross join margins
    left join customer_values on risk.customer_id = customer_values.customer_id
)

select
    *,
    {{ as_amount("return_probability * order_margin_amount") }} as expected_value_amount
from judged
