with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

identifiers as (
    select * from {{ ref('input_customer_identifiers') }}
),

counted as (
    select
        identifiers.identifier_type,
        identifiers.identifier_hash,
        count(distinct identifiers.customer_id) as record_count,
        count(distinct identifiers.customer_id)
        > {{ setting("identity_max_people") }} as is_ignored
    from identifiers
    inner join as_of_dates
        on
            as_of_dates.is_current
            and coalesce(identifiers.observed_on < as_of_dates.as_of_date, true)
    group by identifiers.identifier_type, identifiers.identifier_hash
)

select * from counted
