select
    campaign_id,
    campaign_name,
    campaign_type,
    channel,
    started_on,
    ended_on
from {{ ref('checked_campaigns') }}
where rejection_reason is null
