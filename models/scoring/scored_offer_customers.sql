with dates as (
    select * from {{ ref('int_offer_dates_resolved') }}
),

customers as (
    select * from {{ ref('int_customers_listed') }}
),

counted as (
    select distinct
        scored_on,
        customer_id
    from {{ ref('int_customer_items_counted') }}
),

segments as (
    select scored.*
    from {{ ref('scored_customer_segments') }} as scored
    inner join {{ ref('scored_segmentation_models') }} as models
        on scored.segmentation = models.segmentation
    where models.is_primary and models.is_available
),

segment_dates as (
    select
        dates.scored_on,
        max(segments.as_of_date) as segmented_on
    from dates
    inner join segments on dates.scored_on >= segments.as_of_date
    group by dates.scored_on
),

known_customers as (
    select
        dates.scored_on,
        dates.is_current,
        customers.customer_id
    from dates
    inner join customers
        on dates.is_current and coalesce(dates.scored_on > customers.known_since_on, true)
    union all
    -- Only who had bought by then can be told how good their offers were.
    select
        dates.scored_on,
        dates.is_current,
        counted.customer_id
    from dates
    inner join counted on dates.scored_on = counted.scored_on
    where not dates.is_current
)

select
    known_customers.scored_on,
    known_customers.is_current,
    known_customers.customer_id,
    coalesce(segments.segment_key, 'unknown') as segment_key
from known_customers
left join segment_dates on known_customers.scored_on = segment_dates.scored_on
left join segments
    on
        known_customers.customer_id = segments.customer_id
        and segment_dates.segmented_on = segments.as_of_date
