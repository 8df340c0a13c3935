with customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

customer_segments as (
    select scored.customer_id
    from {{ ref('scored_customer_segments') }} as scored
    inner join as_of_dates on scored.as_of_date = as_of_dates.as_of_date
    inner join {{ ref('scored_segmentation_models') }} as models
        on scored.segmentation = models.segmentation and models.is_primary
),

-- By way of the segments, so that a customer who is in none of them would be missed.
placed_days as (
    select
        {{ first_day_of_month("customer_days.active_on") }} as month_on,
        customer_days.net_amount,
        customer_days.active_on >= as_of_dates.as_of_date as is_after_as_of,
        customer_days.customer_id is null as is_guest,
        customer_segments.customer_id is not null as is_placed
    from customer_days
    cross join as_of_dates
    left join customer_segments on customer_days.customer_id = customer_segments.customer_id
),

monthly as (
    select
        month_on,
        sum(
            case when is_placed and not is_after_as_of then net_amount else 0 end
        ) as segments_amount,
        sum(
            case when is_guest and not is_after_as_of then net_amount else 0 end
        ) as guest_amount,
        sum(case when is_after_as_of then net_amount else 0 end) as after_as_of_amount
    from placed_days
    group by month_on
)

select
    month_on,
    {{ as_amount("segments_amount") }} as segments_amount,
    {{ as_amount("guest_amount") }} as guest_amount,
    {{ as_amount("after_as_of_amount") }} as after_as_of_amount
from monthly
