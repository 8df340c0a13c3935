select
    customer_id,
    family,
    attribute,
    value_text,
    value_number,
    observed_at,
    observed_on
from {{ ref('checked_customer_attributes') }}
where rejection_reason is null
