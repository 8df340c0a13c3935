select
    campaign_id,
    customer_id,
    order_id,
    responded_at,
    responded_on
from {{ ref('checked_campaign_responses') }}
where rejection_reason is null
