with contacts as (
    select * from {{ ref('input_campaign_contacts') }}
),

campaigns as (
    select * from {{ ref('input_campaigns') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

contacts_identified as (
    select
        contacts.campaign_id,
        coalesce(identified.customer_id, contacts.customer_id) as customer_id,
        campaigns.campaign_type,
        campaigns.channel,
        contacts.is_holdout,
        contacts.cost_amount,
        contacts.contacted_on as recorded_on,
        coalesce(contacts.contacted_on, campaigns.started_on, campaigns.ended_on)
            as contacted_on
    from contacts
    left join campaigns on contacts.campaign_id = campaigns.campaign_id
    left join identified on contacts.customer_id = identified.source_customer_id
)

select * from contacts_identified
