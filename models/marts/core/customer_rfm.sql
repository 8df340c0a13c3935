with rfm as (
    select * from {{ ref('scored_customer_rfm') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

customer_rfm as (
    select
        rfm.customer_id,
        rfm.rfm_segment,
        rfm.rfm_cell,
        rfm.model_version,
        '{{ setting("reporting_currency") }}' as currency_code,
        cast(rfm.recency_days as bigint) as recency_days,
        cast(rfm.recency_seasons as bigint) as recency_seasons,
        cast(rfm.frequency as bigint) as frequency,
        rfm.monetary_amount,
        cast(rfm.recency_score as bigint) as recency_score,
        cast(rfm.frequency_score as bigint) as frequency_score,
        cast(rfm.monetary_score as bigint) as monetary_score,
        rfm.first_order_on,
        rfm.last_order_on,
        rfm.as_of_date
    from rfm
    inner join as_of_dates
        on rfm.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
)

select * from customer_rfm
