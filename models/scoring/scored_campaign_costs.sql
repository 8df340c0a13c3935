with spread_costs as (
    select * from {{ ref('scored_marketing_costs') }}
    where campaign_id is not null
),

costs as (
    select
        dated.campaign_id,
        dated.cost_type,
        dated.cost_basis,
        dated.cost_amount,
        {{ first_day_of_month("dated.cost_on") }} as month_on
    from {{ ref('int_marketing_costs_dated') }} as dated
    inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates
        on as_of_dates.is_current and dated.cost_on < as_of_dates.as_of_date
    where dated.campaign_id is not null
),

parts as (
    select
        segmentation,
        segment_key,
        campaign_id,
        cost_type,
        cost_basis,
        cost_amount,
        month_on
    from spread_costs

    union all

    select
        'all' as segmentation,
        'all' as segment_key,
        campaign_id,
        cost_type,
        cost_basis,
        cost_amount,
        month_on
    from costs
)

select
    segmentation,
    segment_key,
    campaign_id,
    {{ as_amount("sum(case when cost_type = 'contact' then cost_amount else 0 end)") }}
        as contact_cost_amount,
    {{ as_amount("sum(case when cost_type = 'shared' then cost_amount else 0 end)") }}
        as shared_cost_amount,
    -- The least certain of unknown, assumed and measured.
    case
        when max(cost_basis) = 'unknown' then 'unknown'
        else min(cost_basis)
    end as cost_basis,
    month_on
from parts
group by segmentation, segment_key, campaign_id, month_on
