with customers as (
    select * from {{ ref('int_customers_listed') }}
),

descriptions as (
    select * from {{ ref('int_customers_described') }}
),

contacts as (
    select * from {{ ref('int_campaign_contacts_identified') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

last_contacts as (
    select
        contacts.customer_id,
        max(contacts.contacted_on) as last_contact_on
    from contacts
    inner join as_of_dates on contacts.contacted_on < as_of_dates.as_of_date
    where not contacts.is_holdout
    group by contacts.customer_id
),

contactable as (
    select
        customers.customer_id,
        last_contacts.last_contact_on,
        coalesce(descriptions.marketing_consent, {{ setting("consent_when_unknown") }})
            as has_consent,
        coalesce(
            last_contacts.last_contact_on
            >= {{ days_before("as_of_dates.as_of_date", setting("contact_pause_days")) }},
            false
        ) as is_in_contact_pause
    from customers
    cross join as_of_dates
    left join descriptions on customers.customer_id = descriptions.customer_id
    left join last_contacts on customers.customer_id = last_contacts.customer_id
)

select
    customer_id,
    last_contact_on,
    has_consent,
    is_in_contact_pause,
    has_consent and not is_in_contact_pause as is_contactable
from contactable
