{#- Whom a segment began a month with, and whom it ended it with. -#}
with published as (
    select * from {{ ref('scored_published_memberships') }}
    where connector = '{{ var("connector") }}'
),

scored as (
    select * from {{ ref('scored_customer_segments') }}
),

as_of_dates as (
    select
        as_of_date,
        {{ first_day_of_month("as_of_date") }} as begun_on
    from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

-- A month that is not over ends, so far, with today's segments.
ends as (
    select
        published.segmentation,
        published.customer_id,
        published.segment_key,
        published.month_on
    from published
    inner join as_of_dates on published.month_on < as_of_dates.begun_on
    union all
    select
        scored.segmentation,
        scored.customer_id,
        scored.segment_key,
        as_of_dates.begun_on as month_on
    from scored
    inner join as_of_dates
        on
            scored.as_of_date = as_of_dates.as_of_date
            and as_of_dates.begun_on < as_of_dates.as_of_date
),

begins as (
    select
        ends.segmentation,
        ends.customer_id,
        ends.segment_key,
        cast({{ dbt.dateadd("month", 1, "ends.month_on") }} as date) as month_on
    from ends
)

select
    segmentation,
    customer_id,
    segment_key,
    true as is_end,
    month_on
from ends
union all
select
    begins.segmentation,
    begins.customer_id,
    begins.segment_key,
    false as is_end,
    begins.month_on
from begins
inner join as_of_dates on begins.month_on < as_of_dates.as_of_date
