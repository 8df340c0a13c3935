select
    audience,
    customer_id,
    change_type,
    reason,
    channel,
    email_hash,
    phone_hash,
    is_holdout,
    is_in_contact_pause,
    as_of_date
from {{ ref('scored_audience_changes') }}
