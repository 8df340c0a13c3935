with memberships as (
    select * from {{ ref('scored_published_memberships') }}
),

current_segments as (
    select scored.*
    from {{ ref('scored_customer_segments') }} as scored
    inner join {{ ref('int_as_of_dates_resolved') }} as dates
        on scored.as_of_date = dates.as_of_date and dates.is_current
),

months as (
    select distinct
        customer_id,
        {{ first_day_of_month("active_on") }} as month_on
    from {{ ref('int_customer_days_aggregated') }}
    where customer_id is not null
    union
    select distinct
        customer_id,
        {{ first_day_of_month("contacted_on") }} as month_on
    from {{ ref('int_campaign_members_dated') }}
    where contacted_on is not null
),

first_months as (
    select min(month_on) as first_month_on from memberships
)

select
    current_segments.segmentation,
    months.customer_id,
    coalesce(
        memberships.segment_key,
        case
            when first_months.first_month_on < months.month_on then 'new'
            else current_segments.segment_key
        end
    ) as segment_key,
    case when memberships.segment_key is null then 'current' else 'month_start' end
        as segment_basis,
    months.month_on
from months
inner join current_segments on months.customer_id = current_segments.customer_id
cross join first_months
left join memberships
    on
        current_segments.segmentation = memberships.segmentation
        and months.customer_id = memberships.customer_id
        and memberships.month_on
        = cast({{ dbt.dateadd("month", -1, "months.month_on") }} as date)
