-- Each total of the plan is divided to the cent, and that of the scenario as in the allocation.
with plans as (
    select
        plans.*,
        sum(plans.spend_amount) over (
            partition by plans.scenario, plans.total_change_share
        )
        + plans.unspent_amount - plans.total_amount as missing_amount,
        allocations.recommended_spend_amount
    from {{ ref('budget_plan') }} as plans
    inner join {{ ref('budget_allocation') }} as allocations
        on
            plans.scenario = allocations.scenario
            and plans.segment_key = allocations.segment_key
)

select
    scenario,
    total_change_share,
    segment_key,
    missing_amount
from plans
where
    (status = 'allocated' and coalesce(missing_amount, 1) <> 0)
    or (
        total_change_share = 0
        and coalesce(spend_amount, -1) <> coalesce(recommended_spend_amount, -1)
    )
