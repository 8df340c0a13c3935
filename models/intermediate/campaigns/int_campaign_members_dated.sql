{%- set window_days = setting("attribution_window_days") -%}

with contacts as (
    select * from {{ ref('int_campaign_contacts_identified') }}
),

campaigns as (
    select * from {{ ref('input_campaigns') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

members as (
    select
        campaign_id,
        customer_id,
        max(case when is_holdout then 0 else 1 end) as was_contacted,
        max(case when is_holdout then 1 else 0 end) as was_held_out,
        min(recorded_on) as contacted_on
    from contacts
    group by campaign_id, customer_id
),

starts as (
    select
        campaign_id,
        max(was_held_out) as was_randomised,
        max(case when was_held_out = 1 and contacted_on is null then 1 else 0 end)
            as has_undated_holdout,
        min(contacted_on) as first_contact_on
    from members
    group by campaign_id
),

-- Windows of one campaign must lie alike in both groups: where nobody knows when those held
-- out would have been contacted, everybody's begins with the campaign.
dated as (
    select
        members.campaign_id,
        members.customer_id,
        members.was_contacted = 0 as is_holdout,
        members.was_contacted = 1 and members.was_held_out = 1 as is_mixed,
        starts.was_randomised = 1 as is_randomised,
        case
            when starts.has_undated_holdout = 1
                then coalesce(campaigns.started_on, starts.first_contact_on, campaigns.ended_on)
            else coalesce(members.contacted_on, campaigns.started_on, campaigns.ended_on)
        end as contacted_on
    from members
    inner join starts on members.campaign_id = starts.campaign_id
    left join campaigns on members.campaign_id = campaigns.campaign_id
)

select
    dated.campaign_id,
    dated.customer_id,
    dated.is_holdout,
    dated.is_mixed,
    dated.is_randomised,
    coalesce(
        dated.contacted_on <= {{ days_before("as_of_dates.as_of_date", window_days) }}, false
    ) as is_complete,
    {{ days_before("dated.contacted_on", window_days) }} as covariate_starts_on,
    dated.contacted_on,
    cast({{ dbt.dateadd("day", window_days, "dated.contacted_on") }} as date)
        as window_ends_on,
    as_of_dates.as_of_date
from dated
inner join as_of_dates
    on dated.contacted_on is null or dated.contacted_on < as_of_dates.as_of_date
