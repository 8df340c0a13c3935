with days as (
    -- A hundred years: more than any source spans.
    {{ dbt.generate_series(36525) }}
),

transactions as (
    select
        min(active_on) as first_on,
        max(active_on) as last_on
    from {{ ref('int_customer_days_aggregated') }}
),

as_of_dates as (
    select
        min(as_of_date) as first_on,
        max(as_of_date) as last_on
    from {{ ref('int_as_of_dates_resolved') }}
),

bounds as (
    select
        {{ first_day_of_month(
            "least(coalesce(transactions.first_on, as_of_dates.first_on), as_of_dates.first_on)"
        ) }} as first_on,
        greatest(
            coalesce(transactions.last_on, as_of_dates.last_on), as_of_dates.last_on
        )
            as last_on
    from transactions
    cross join as_of_dates
),

dates as (
    select
        cast(
            {{ dbt.dateadd(
                "day", "cast(days.generated_number as integer) - 1", "bounds.first_on"
            ) }}
            as date
        ) as date_on,
        bounds.last_on
    from bounds
    cross join days
),

calendar as (
    select
        dates.date_on,
        cast({{ dbt.date_trunc("week", "dates.date_on") }} as date) as week_on,
        {{ first_day_of_month("dates.date_on") }} as month_on,
        cast({{ dbt.date_trunc("quarter", "dates.date_on") }} as date) as quarter_on,
        cast({{ dbt.date_trunc("year", "dates.date_on") }} as date) as year_on,
        cast({{ iso_weekday("dates.date_on") }} as bigint) as weekday,
        {{ iso_weekday("dates.date_on") }} >= 6 as is_weekend,
        as_of_dates.last_on as as_of_date
    from dates
    cross join as_of_dates
    where dates.date_on <= dates.last_on
)

select * from calendar
