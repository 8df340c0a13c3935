with members as (
    select * from {{ ref('scored_campaign_members') }}
),

bases as (
    select
        campaign_id,
        max(case when is_randomised then 1 else 0 end) = 0
        and max(case when has_responded and not is_holdout then 1 else 0 end) = 1
            as has_recorded_responses
    from members
    group by campaign_id
),

judged as (
    select
        members.*,
        bases.has_recorded_responses,
        members.is_complete and not members.is_mixed as is_counted,
        case
            when bases.has_recorded_responses then members.has_responded
            else members.has_ordered
        end as is_response
    from members
    inner join bases on members.campaign_id = bases.campaign_id
)

select
    segmentation,
    segment_key,
    campaign_id,
    case
        when has_recorded_responses then 'recorded responses' else 'orders in the window'
    end as response_basis,
    sum(case when is_counted and not is_holdout then 1 else 0 end) as contacted,
    sum(case when is_counted and is_holdout then 1 else 0 end) as holdout,
    sum(case when is_counted and not is_holdout and is_response then 1 else 0 end)
        as responded,
    sum(case when is_counted and is_holdout and is_response then 1 else 0 end)
        as holdout_responded,
    sum(case when is_mixed then 1 else 0 end) as mixed,
    sum(case when is_complete or is_mixed then 0 else 1 end) as pending,
    is_randomised
from judged
group by segmentation, segment_key, campaign_id, has_recorded_responses, is_randomised
