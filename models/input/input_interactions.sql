select
    interaction_id,
    customer_id,
    identifier_hash,
    channel,
    interaction_type,
    device_type,
    operating_system,
    duration_seconds,
    page_count,
    sentiment_score,
    reach_count,
    occurred_at,
    occurred_on
from {{ ref('checked_interactions') }}
where rejection_reason is null
