with counted as (
    select * from {{ ref('int_identifiers_counted') }}
    where is_ignored
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

ignored_identifiers as (
    select
        counted.identifier_type,
        counted.identifier_hash,
        cast(counted.record_count as bigint) as record_count,
        as_of_dates.as_of_date
    from counted
    inner join as_of_dates on as_of_dates.is_current
)

select * from ignored_identifiers
