with compared as (
    select * from {{ ref('scored_compared_audiences') }}
),

traits as (
    select * from {{ ref('scored_customer_traits') }}
),

merged as (
    select distinct source_customer_id as customer_id
    from {{ ref('int_customers_identified') }}
    where source_customer_id <> customer_id
),

rules as (
    select * from {{ ref('scored_audience_rules') }}
    where is_active
),

members as (
    select * from {{ ref('scored_audience_members') }}
),

-- A customer whose keys changed today has several rows: what is published goes first.
ranked as (
    select
        *,
        max(case when was_published then 1 else 0 end)
            over (partition by audience, customer_id)
        = 1 as was_member,
        row_number() over (
            partition by audience, customer_id
            order by
                case when is_published then 0 else 1 end,
                case when was_published then 1 else 0 end,
                coalesce(email_hash, ''),
                coalesce(phone_hash, ''),
                coalesce(customer_id_hash, ''),
                channel,
                is_holdout
        ) as row_rank
    from compared
),

changes as (
    select
        ranked.audience,
        ranked.customer_id,
        case
            when not ranked.is_published then 'removed'
            when ranked.was_member then 'kept'
            else 'added'
        end as change_type,
        case
            when ranked.is_published and ranked.was_member then 'still in the rule'
            when ranked.is_published then 'new in the rule'
            when traits.customer_id is null and merged.customer_id is not null
                then 'merged with another customer'
            when traits.customer_id is null then 'erased'
            when not traits.has_consent then 'consent withdrawn'
            when rules.audience is null then 'audience ended'
            when members.customer_id is not null then 'audience too small'
            else 'no longer in the rule'
        end as reason,
        ranked.channel,
        ranked.email_hash,
        ranked.phone_hash,
        ranked.is_holdout,
        coalesce(traits.is_in_contact_pause, false) as is_in_contact_pause,
        ranked.as_of_date
    from ranked
    left join traits on ranked.customer_id = traits.customer_id
    left join merged on ranked.customer_id = merged.customer_id
    left join rules on ranked.audience = rules.audience
    left join members
        on
            ranked.audience = members.audience
            and ranked.customer_id = members.customer_id
    where ranked.row_rank = 1
)

select * from changes
