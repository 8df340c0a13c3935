select
    campaign_id,
    channel,
    cost_amount,
    cost_on
from {{ ref('checked_marketing_costs') }}
where rejection_reason is null
