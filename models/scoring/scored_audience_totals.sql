with rules as (
    select * from {{ ref('scored_audience_rules') }}
),

candidates as (
    select
        audience,
        count(*) as matching_customers,
        sum(case when has_consent then 0 else 1 end) as without_consent
    from {{ ref('scored_audience_candidates') }}
    group by audience
),

changes as (
    select
        audience,
        {%- for type in ["added", "kept", "removed"] %}
        sum(case when change_type = '{{ type }}' then 1 else 0 end) as {{ type }},
        {%- endfor %}
        sum(case when change_type <> 'removed' and is_holdout then 1 else 0 end) as holdout
    from {{ ref('scored_audience_changes') }}
    group by audience
),

sent as (
    select
        audience,
        sum(case when change_type <> 'removed' and not has_key then 1 else 0 end)
            as without_key
    from {{ ref('scored_activation_rows') }}
    group by audience
),

audiences as (
    select audience from rules
    union distinct
    select audience from changes
)

select
    audiences.audience,
    coalesce(candidates.matching_customers, 0) as matching_customers,
    coalesce(candidates.without_consent, 0) as without_consent,
    coalesce(candidates.matching_customers - candidates.without_consent, 0)
        as eligible_customers,
    coalesce(changes.added, 0) as added,
    coalesce(changes.kept, 0) as kept,
    coalesce(changes.removed, 0) as removed,
    coalesce(changes.holdout, 0) as holdout,
    coalesce(sent.without_key, 0) as without_key
from audiences
left join candidates on audiences.audience = candidates.audience
left join changes on audiences.audience = changes.audience
left join sent on audiences.audience = sent.audience
