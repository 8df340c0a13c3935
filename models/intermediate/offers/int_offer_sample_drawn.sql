with buyers as (
    select distinct customer_id
    from {{ ref('int_customer_product_days_aggregated') }}
),

-- By md5, so that who is drawn depends on nobody else and on no date.
drawn as (
    select customer_id
    from buyers
    order by {{ dbt.hash("customer_id") }}, customer_id
    limit {{ setting("offer_sample_size") }}
)

select * from drawn
