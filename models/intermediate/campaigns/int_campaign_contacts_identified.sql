with contacts as (
    select * from {{ ref('input_campaign_contacts') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

contacts_identified as (
    select
        contacts.campaign_id,
        coalesce(identified.customer_id, contacts.customer_id) as customer_id,
        contacts.is_holdout,
        contacts.contacted_on
    from contacts
    left join identified on contacts.customer_id = identified.source_customer_id
)

select * from contacts_identified
