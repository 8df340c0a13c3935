with customer_segments as (
    select * from {{ ref('scored_customer_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

names as (
    select * from {{ ref('scored_segment_names') }}
),

rfm as (
    select * from {{ ref('scored_customer_rfm') }}
),

centres as (
    select
        customer_segments.segmentation,
        customer_segments.model_version,
        customer_segments.segment_key,
        count(*) as customer_count,
        cast(sum(rfm.recency_score) as double) / count(*) as mean_recency_score,
        cast(sum(rfm.frequency_score) as double) / count(*) as mean_frequency_score,
        cast(sum(rfm.monetary_score) as double) / count(*) as mean_monetary_score
    from customer_segments
    inner join as_of_dates
        on
            customer_segments.as_of_date = as_of_dates.as_of_date
            and as_of_dates.is_current
    inner join names
        on
            customer_segments.segmentation = names.segmentation
            and customer_segments.segment_key = names.segment_key
            and names.algorithm = 'rules'
            and not names.is_special
    inner join rfm
        on
            customer_segments.as_of_date = rfm.as_of_date
            and customer_segments.customer_id = rfm.customer_id
    group by
        customer_segments.segmentation,
        customer_segments.model_version,
        customer_segments.segment_key
)

select * from centres
