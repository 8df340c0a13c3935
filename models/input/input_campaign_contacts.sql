select
    campaign_id,
    customer_id,
    cost_amount,
    is_holdout,
    contacted_at,
    contacted_on
from {{ ref('checked_campaign_contacts') }}
where rejection_reason is null
