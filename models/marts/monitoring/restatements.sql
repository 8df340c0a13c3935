select
    connector,
    segmentation,
    membership_count,
    changed_count,
    first_month_on,
    last_month_on,
    restated_on,
    as_of_date
from {{ ref('scored_restatements') }}
