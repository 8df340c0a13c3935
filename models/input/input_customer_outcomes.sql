select
    customer_id,
    outcome,
    value,
    occurred_at,
    occurred_on
from {{ ref('checked_customer_outcomes') }}
where rejection_reason is null
