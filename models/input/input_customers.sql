select
    customer_id,
    email_hash,
    phone_hash,
    country_code,
    region,
    city,
    postal_code,
    coalesce(marketing_consent, {{ setting("consent_when_unknown") }})
        as marketing_consent,
    marketing_consent is not null as is_consent_known,
    registered_at,
    registered_on
from {{ ref('checked_customers') }}
where rejection_reason is null
