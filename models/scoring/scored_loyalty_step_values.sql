with steps as (
    select * from {{ ref('scored_loyalty_steps') }}
),

benefits as (
    select * from {{ ref('scored_loyalty_benefits') }}
),

lapses as (
    select * from {{ ref('scored_customer_risk') }}
    where target = 'lapse'
),

customer_values as (
    select * from {{ ref('scored_customer_values') }}
),

margins as (
    select * from {{ ref('int_margin_measured') }}
),

-- A benefit is paid on the spend that it brings too.
joined as (
    select
        steps.customer_id,
        coalesce(1 - lapses.probability, customer_values.probability_alive)
            as active_probability,
        case
            when lapses.probability is not null then 'scorecard'
            when customer_values.probability_alive is not null then 'purchase_model'
            else 'none'
        end as probability_basis,
        margins.margin_share,
        steps.step_amount,
        cast(steps.yearly_amount as double) as yearly_amount,
        steps.step_amount + cast(steps.yearly_amount as double) as stepped_amount,
        coalesce(promised.uplift_share, 0) - coalesce(present.uplift_share, 0)
            as added_uplift_share,
        coalesce(promised.yearly_cost_share * (1 + promised.uplift_share), 0)
            as next_cost_share,
        coalesce(present.yearly_cost_share * (1 + present.uplift_share), 0)
            as present_cost_share,
        cast(coalesce(promised.yearly_cost_amount, 0) as double)
        - cast(coalesce(present.yearly_cost_amount, 0) as double) as added_cost_amount
    from steps
    cross join margins
    left join lapses on steps.customer_id = lapses.customer_id
    left join customer_values on steps.customer_id = customer_values.customer_id
    left join benefits as promised
        on
            steps.segment_key = promised.segment_key
            and steps.next_tier = promised.loyalty_tier
    left join benefits as present
        on
            steps.segment_key = present.segment_key
            and steps.loyalty_tier = present.loyalty_tier
),

-- Who is not known to be leaving ordered lately, or they had lapsed.
valued as (
    select
        customer_id,
        active_probability,
        probability_basis,
        {{ as_amount(
            "round(coalesce(active_probability, 1) * margin_share"
            " * (step_amount + added_uplift_share * stepped_amount), 2)"
        ) }} as expected_value_amount,
        {{ as_amount(
            "round(coalesce(active_probability, 1) * (next_cost_share * stepped_amount"
            " - present_cost_share * yearly_amount + added_cost_amount), 2)"
        ) }} as expected_cost_amount
    from joined
)

select
    customer_id,
    active_probability,
    probability_basis,
    expected_value_amount,
    expected_cost_amount,
    {{ as_amount("expected_value_amount - expected_cost_amount") }}
        as expected_gain_amount
from valued
