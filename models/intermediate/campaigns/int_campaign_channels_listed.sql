select
    campaign_id,
    channel
from {{ ref('input_campaigns') }}
