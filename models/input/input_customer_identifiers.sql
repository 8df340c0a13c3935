select
    source_system,
    customer_id,
    identifier_type,
    identifier_hash,
    observed_at,
    observed_on
from {{ ref('checked_customer_identifiers') }}
where rejection_reason is null
