with contacts as (
    select * from {{ ref('int_contactable_customers_listed') }}
    where is_contactable
),

contact_keys as (
    select * from {{ ref('int_contact_keys_listed') }}
),

assumptions as (
    select
        *,
        row_number() over (
            partition by channel order by case when connector = '*' then 1 else 0 end
        ) as assumption_rank
    from {{ ref('contact_reach') }}
    where connector in ('*', '{{ var("connector") }}')
),

opened_messages as (
    select feature_values.*
    from {{ ref('int_feature_values_collected') }} as feature_values
    inner join {{ ref('int_as_of_dates_resolved') }} as dates
        on feature_values.as_of_date = dates.as_of_date and dates.is_current
    where feature_values.feature = 'email_open_share'
),

-- How much of our mail somebody opens is known better than assumed.
ways as (
    select
        contacts.customer_id,
        assumptions.channel,
        case
            when assumptions.channel = 'email' and opened_messages.feature_value is not null
                then 'measured'
            else assumptions.evidence
        end as reach_basis,
        coalesce(
            case when assumptions.channel = 'email' then opened_messages.feature_value end,
            assumptions.reach_share
        ) as reachability
    from contacts
    inner join assumptions on assumptions.assumption_rank = 1
    left join contact_keys on contacts.customer_id = contact_keys.customer_id
    left join opened_messages on contacts.customer_id = opened_messages.customer_id
    where
        assumptions.channel = 'post'
        or (assumptions.channel = 'email' and contact_keys.email_hash is not null)
        or (assumptions.channel = 'phone' and contact_keys.phone_hash is not null)
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id order by reachability desc, channel asc
        ) as way_rank
    from ways
)

select
    customer_id,
    channel,
    reach_basis,
    round(reachability, 9) as reachability
from ranked
where way_rank = 1
