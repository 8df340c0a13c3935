with customers as (
    select * from {{ ref('int_customers_listed') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

risk as (
    select * from {{ ref('scored_customer_risk') }}
    where is_primary
),

tiers as (
    select * from {{ ref('scored_customer_tiers') }}
),

customer_values as (
    select * from {{ ref('scored_customer_values') }}
),

rfm as (
    select * from {{ ref('int_customer_rfm_measured') }}
),

descriptions as (
    select * from {{ ref('int_customers_described') }}
),

contacts as (
    select * from {{ ref('int_contactable_customers_listed') }}
),

contact_keys as (
    select * from {{ ref('int_contact_keys_listed') }}
),

traits as (
    select
        customers.customer_id,
        risk.risk_band,
        tiers.loyalty_tier,
        descriptions.region,
        descriptions.country_code,
        contact_keys.email_hash,
        contact_keys.phone_hash,
        {{ salted_hash("customers.customer_id") }} as customer_id_hash,
        customer_values.expected_value_amount,
        rfm.recency_days as days_since_order,
        contacts.has_consent,
        contacts.is_in_contact_pause,
        as_of_dates.as_of_date
    from customers
    cross join as_of_dates
    inner join contacts on customers.customer_id = contacts.customer_id
    left join risk on customers.customer_id = risk.customer_id
    left join tiers on customers.customer_id = tiers.customer_id
    left join customer_values on customers.customer_id = customer_values.customer_id
    left join rfm
        on
            customers.customer_id = rfm.customer_id
            and as_of_dates.as_of_date = rfm.as_of_date
    left join descriptions on customers.customer_id = descriptions.customer_id
    left join contact_keys on customers.customer_id = contact_keys.customer_id
    where coalesce(customers.known_since_on < as_of_dates.as_of_date, true)
)

select * from traits
