-- Each total of the plan is divided to the cent, and that of the scenario as in the allocation.
with allocations as (
    select * from {{ ref('budget_allocation') }}
),

totals as (
    select
        scenario,
        total_change_share,
        min(status) as status,
        sum(spend_amount) + max(unspent_amount) - max(total_amount) as missing_amount
    from {{ ref('budget_plan') }}
    group by scenario, total_change_share
),

judged as (
    select
        plan_rows.scenario,
        plan_rows.total_change_share,
        plan_rows.segment_key,
        totals.missing_amount,
        totals.status = 'allocated' and coalesce(totals.missing_amount, 1) <> 0 as is_lost,
        plan_rows.total_change_share = 0
        and coalesce(plan_rows.spend_amount, -1)
        <> coalesce(allocations.recommended_spend_amount, -1) as is_other
    from {{ ref('budget_plan') }} as plan_rows
    inner join totals
        on
            plan_rows.scenario = totals.scenario
            and plan_rows.total_change_share = totals.total_change_share
    inner join allocations
        on
            plan_rows.scenario = allocations.scenario
            and plan_rows.segment_key = allocations.segment_key
)

select
    scenario,
    total_change_share,
    segment_key,
    missing_amount
from judged
where is_lost or is_other
