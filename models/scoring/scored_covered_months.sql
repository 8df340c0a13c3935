{#- Months at whose start every customer's segment is told: that of the month end before, or
    nobody was there yet. -#}
with published as (
    select
        segmentation,
        cast({{ dbt.dateadd("month", 1, "month_on") }} as date) as month_on
    from {{ ref('scored_published_memberships') }}
    where connector = '{{ var("connector") }}'
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_available
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
)

select
    segmentation,
    month_on
from published
union
select
    models.segmentation,
    as_of_dates.as_of_date as month_on
from models
cross join as_of_dates
where as_of_dates.as_of_date = {{ first_day_of_month("as_of_dates.as_of_date") }}
