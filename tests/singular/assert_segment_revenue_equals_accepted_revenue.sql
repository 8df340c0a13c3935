-- By month and for each segmentation, the segments add up to the accepted rows, which are
-- summed here from the input layer and not from the aggregates.
with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

accepted as (
    select
        {{ first_day_of_month("transactions.occurred_on") }} as month_on,
        sum(transactions.net_amount) as net_revenue_amount
    from {{ ref('input_transactions') }} as transactions
    inner join as_of_dates on transactions.occurred_on < as_of_dates.as_of_date
    group by {{ first_day_of_month("transactions.occurred_on") }}
),

segmentations as (
    select distinct segmentation from {{ ref('customer_segments') }}
),

segments as (
    select
        segmentation,
        month_on,
        sum(net_revenue_amount) as net_revenue_amount
    from {{ ref('segment_roi') }}
    group by segmentation, month_on
)

select
    segmentations.segmentation,
    accepted.month_on,
    accepted.net_revenue_amount as accepted_amount,
    segments.net_revenue_amount as segments_amount
from segmentations
cross join accepted
full join segments
    on
        segmentations.segmentation = segments.segmentation
        and accepted.month_on = segments.month_on
where
    coalesce(accepted.net_revenue_amount, 0) <> coalesce(segments.net_revenue_amount, 0)
