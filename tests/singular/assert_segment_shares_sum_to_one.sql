select
    segmentation,
    sum(customer_share) as customer_share,
    sum(net_revenue_share) as net_revenue_share
from {{ ref('segments') }}
group by segmentation
having
    abs(sum(customer_share) - 1) > 1e-9
    -- Null where nothing has been bought at all.
    or abs(sum(net_revenue_share) - 1) > 1e-9
