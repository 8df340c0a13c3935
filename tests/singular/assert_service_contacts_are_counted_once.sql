{%- set window_days = setting("feature_window_days") -%}

-- Whatever the segmentation: its segments, guests included, have every contact with service of
-- the window.
with contacts as (
    select count(*) as contacts
    from {{ ref('input_interactions') }} as interactions
    inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates
        on
            as_of_dates.is_current
            and {{ is_within("interactions.occurred_on", "as_of_dates.as_of_date", window_days) }}
    where {{ is_in_list("interactions.interaction_type", setting("service_interaction_types")) }}
),

profile as (
    select
        segmentation,
        sum(coalesce(contacts, 0)) as contacts
    from {{ ref('segment_service_profile') }}
    group by segmentation
)

select
    profile.segmentation,
    profile.contacts as told_contacts,
    contacts.contacts
from profile
cross join contacts
where profile.contacts <> contacts.contacts
