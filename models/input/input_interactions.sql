select
    interaction_id,
    customer_id,
    identifier_hash,
    channel,
    interaction_type,
    device_type,
    operating_system,
    duration_seconds,
    sentiment_score,
    occurred_at,
    occurred_on
from {{ ref('checked_interactions') }}
where rejection_reason is null
