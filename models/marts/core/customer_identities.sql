with identified as (
    select * from {{ ref('int_customers_identified') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

customer_identities as (
    select
        identified.source_customer_id,
        identified.customer_id,
        count(*) over (partition by identified.customer_id) as record_count,
        identified.merged_on,
        as_of_dates.as_of_date
    from identified
    inner join as_of_dates on as_of_dates.is_current
)

select * from customer_identities
