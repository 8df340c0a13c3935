with prospects as (
    select * from {{ ref('scored_lead_prospects') }}
),

contacts as (
    select * from {{ ref('int_contactable_customers_listed') }}
),

channels as (
    select * from {{ ref('scored_lead_channels') }}
),

descriptions as (
    select * from {{ ref('int_customers_described') }}
),

scored as (
    select
        prospects.*,
        coalesce(descriptions.region, 'unknown') as region,
        channels.channel,
        channels.reach_basis,
        channels.reachability,
        round(
            cast(prospects.expected_value_amount as double)
            * prospects.probability
            * channels.reachability,
            6
        ) as score,
        contacts.has_consent,
        contacts.is_in_contact_pause
    from prospects
    left join contacts on prospects.customer_id = contacts.customer_id
    left join channels on prospects.customer_id = channels.customer_id
    left join descriptions on prospects.customer_id = descriptions.customer_id
)

select
    customer_id,
    segmentation,
    segment_key,
    segment_name,
    region,
    lead_type,
    channel,
    probability_basis,
    reach_basis,
    expected_value_amount,
    probability,
    reachability,
    score,
    recency_days,
    case
        when not coalesce(has_consent, false) then 'no_consent'
        when is_in_contact_pause then 'in_contact_pause'
        when coalesce(score, 0) <= 0 then 'no_value'
        else 'lead'
    end as standing,
    as_of_date
from scored
