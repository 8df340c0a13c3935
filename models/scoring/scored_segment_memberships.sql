with scored as (
    select * from {{ ref('scored_customer_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

-- What was measured as of the first of a month is the end of the month before.
month_ends as (
    select
        as_of_dates.as_of_date as known_before_on,
        cast({{ dbt.dateadd("month", -1, "as_of_dates.as_of_date") }} as date) as month_on,
        not as_of_dates.is_current as is_reconstructed,
        builds.as_of_date
    from as_of_dates
    inner join as_of_dates as builds on builds.is_current
    where as_of_dates.as_of_date = {{ first_day_of_month("as_of_dates.as_of_date") }}
),

memberships as (
    select
        cast('{{ var("connector") }}' as string) as connector,
        scored.customer_id,
        scored.segmentation,
        scored.segment_key,
        scored.model_version,
        month_ends.is_reconstructed,
        month_ends.month_on,
        month_ends.as_of_date
    from scored
    inner join month_ends on scored.as_of_date = month_ends.known_before_on
)

select * from memberships
