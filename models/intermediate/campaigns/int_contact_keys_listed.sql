with customers as (
    select * from {{ ref('input_customers') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

descriptions as (
    select * from {{ ref('int_customers_described') }}
),

records as (
    select
        coalesce(identified.customer_id, customers.customer_id) as customer_id,
        customers.customer_id as source_customer_id,
        customers.email_hash,
        customers.phone_hash,
        customers.registered_on
    from customers
    left join identified on customers.customer_id = identified.source_customer_id
),

-- What somebody refused is used for nobody, also where it is shared by too many to be one.
refused as (
    select
        records.email_hash,
        records.phone_hash
    from records
    inner join descriptions on records.customer_id = descriptions.customer_id
    where descriptions.is_consent_known and not descriptions.marketing_consent
),

refused_emails as (
    select distinct email_hash
    from refused
    where email_hash is not null
),

refused_phones as (
    select distinct phone_hash
    from refused
    where phone_hash is not null
),

ranked as (
    select
        records.customer_id,
        case when refused_emails.email_hash is null then records.email_hash end
            as email_hash,
        case when refused_phones.phone_hash is null then records.phone_hash end
            as phone_hash,
        row_number() over (
            partition by records.customer_id
            order by
                coalesce(records.registered_on, cast('1900-01-01' as date)) desc,
                records.source_customer_id
        ) as record_rank
    from records
    left join refused_emails on records.email_hash = refused_emails.email_hash
    left join refused_phones on records.phone_hash = refused_phones.phone_hash
)

select
    customer_id,
    min_by(email_hash, case when email_hash is not null then record_rank end)
        as email_hash,
    min_by(phone_hash, case when phone_hash is not null then record_rank end)
        as phone_hash
from ranked
group by customer_id
