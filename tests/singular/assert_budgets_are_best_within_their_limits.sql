-- The conditions of an optimum: what nothing binds has the marginal return of the whole budget,
-- who is at the floor no more, who is at the cap no less. And nothing is lost but what is told.
with allocations as (
    select * from {{ ref('budget_allocation') }}
),

judged as (
    select
        *,
        recommended_marginal_return / nullif(next_marginal_return, 0) - 1 as excess,
        sum(recommended_spend_amount) over (partition by scenario) + unspent_amount
        - total_amount as missing_amount
    from allocations
)

select
    scenario,
    segment_key,
    binding_constraint,
    excess,
    missing_amount
from judged
where
    status = 'allocated' and (
        recommended_spend_amount is null or missing_amount is null or missing_amount <> 0
        or recommended_spend_amount < floor_amount
        or recommended_spend_amount > coalesce(cap_amount, recommended_spend_amount)
        or (binding_constraint = 'none' and coalesce(abs(excess), 1) > 1e-6)
        or (binding_constraint = 'floor' and excess > 1e-6)
        or (binding_constraint = 'cap' and excess < -1e-6)
        or (binding_constraint = 'no_response' and recommended_spend_amount > floor_amount + 0.01)
    )
    or status = 'infeasible' and (
        recommended_spend_amount is not null or reason not like 'infeasible: %'
    )
    or status not in ('allocated', 'infeasible')
