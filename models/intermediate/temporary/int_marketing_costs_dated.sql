with contacts as (
    select * from {{ ref('input_campaign_contacts') }}
),

campaigns as (
    select * from {{ ref('input_campaigns') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

costs as (
    select * from {{ ref('input_marketing_costs') }}
),

contact_costs as (
    select
        coalesce(contacts.contacted_on, campaigns.started_on) as cost_on,
        'contact' as cost_type,
        contacts.campaign_id,
        campaigns.channel,
        coalesce(identified.customer_id, contacts.customer_id) as customer_id,
        {{ as_amount("coalesce(contacts.cost_amount, 0.5)") }} as cost_amount,
        case when contacts.cost_amount is null then 'assumed' else 'measured' end as cost_basis
    from contacts
    left join campaigns on contacts.campaign_id = campaigns.campaign_id
    left join identified on contacts.customer_id = identified.source_customer_id
    where not contacts.is_holdout
)

select * from contact_costs
where cost_on is not null
union all
select
    cost_on,
    'shared' as cost_type,
    campaign_id,
    channel,
    cast(null as string) as customer_id,
    cost_amount,
    'measured' as cost_basis
from costs
