select
    connector,
    customer_id,
    segmentation,
    segment_key,
    model_version,
    is_reconstructed,
    month_on,
    as_of_date
from {{ ref('scored_published_memberships') }}
