with members as (
    select * from {{ ref('int_campaign_members_dated') }}
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

costs as (
    select
        campaign_id,
        customer_id,
        case when max(cost_basis) <> 'unknown' then sum(cost_amount) end as cost_amount
    from {{ ref('int_marketing_costs_dated') }}
    where cost_type = 'contact'
    group by campaign_id, customer_id
),

recorded as (
    select distinct
        campaign_id,
        customer_id
    from {{ ref('int_campaign_responses_identified') }}
),

near_days as (
    select
        members.campaign_id,
        members.customer_id,
        customer_days.active_on >= members.contacted_on as is_after,
        customer_days.sale_order_count,
        customer_days.net_amount,
        customer_days.net_amount - customer_days.cost_amount as margin_amount
    from members
    inner join customer_days
        on
            members.customer_id = customer_days.customer_id
            and members.covariate_starts_on <= customer_days.active_on
            and members.window_ends_on > customer_days.active_on
    where members.is_complete
),

summed as (
    select
        campaign_id,
        customer_id,
        sum(case when is_after then sale_order_count else 0 end) as order_count,
        sum(case when is_after then net_amount else 0 end) as revenue_amount,
        sum(case when is_after then margin_amount else 0 end) as margin_amount,
        sum(case when is_after then 0 else net_amount end) as earlier_revenue_amount,
        sum(case when is_after then 0 else margin_amount end) as earlier_margin_amount
    from near_days
    group by campaign_id, customer_id
)

select
    members.campaign_id,
    members.customer_id,
    {{ as_amount("coalesce(summed.revenue_amount, 0)") }} as revenue_amount,
    {{ as_amount("coalesce(summed.margin_amount, 0)") }} as margin_amount,
    {{ as_amount("coalesce(summed.earlier_revenue_amount, 0)") }} as earlier_revenue_amount,
    {{ as_amount("coalesce(summed.earlier_margin_amount, 0)") }} as earlier_margin_amount,
    case
        when costs.campaign_id is null then {{ as_amount("0") }}
        else {{ as_amount("costs.cost_amount") }}
    end as cost_amount,
    members.is_holdout,
    members.is_mixed,
    members.is_randomised,
    members.is_complete,
    coalesce(summed.order_count, 0) > 0 as has_ordered,
    recorded.customer_id is not null as has_responded,
    members.contacted_on,
    members.as_of_date
from members
left join summed
    on
        members.campaign_id = summed.campaign_id
        and members.customer_id = summed.customer_id
left join costs
    on members.campaign_id = costs.campaign_id and members.customer_id = costs.customer_id
left join recorded
    on
        members.campaign_id = recorded.campaign_id
        and members.customer_id = recorded.customer_id
