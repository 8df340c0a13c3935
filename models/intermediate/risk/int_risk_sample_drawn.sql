with customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

buyers as (
    select distinct customer_id
    from customer_days
    where customer_id is not null and sale_order_count > 0
),

-- By md5, so that who is drawn depends on nobody else and on no date.
drawn as (
    select customer_id
    from buyers
    order by {{ dbt.hash("customer_id") }}, customer_id
    limit {{ setting("risk_sample_size") }}
)

select * from drawn
