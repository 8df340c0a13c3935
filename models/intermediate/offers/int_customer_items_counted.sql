with dates as (
    select * from {{ ref('int_offer_dates_resolved') }}
),

product_days as (
    select * from {{ ref('int_customer_product_days_aggregated') }}
),

sample as (
    select * from {{ ref('int_offer_sample_drawn') }}
),

-- A cut-off is proved on the sample alone.
known_days as (
    select
        dates.scored_on,
        product_days.customer_id,
        product_days.product_id,
        product_days.product_type,
        product_days.active_on
    from dates
    inner join product_days on dates.scored_on > product_days.active_on
    left join sample on product_days.customer_id = sample.customer_id
    where dates.is_current or sample.customer_id is not null
),

type_days as (
    select distinct
        scored_on,
        customer_id,
        product_type,
        active_on
    from known_days
    where product_type is not null
),

item_days as (
    select
        scored_on,
        'product' as level,
        customer_id,
        product_id as item,
        product_type,
        active_on
    from known_days
    union all
    select
        scored_on,
        'product_type' as level,
        customer_id,
        product_type as item,
        product_type,
        active_on
    from type_days
),

counted as (
    select
        scored_on,
        level,
        customer_id,
        item,
        product_type,
        count(*) as purchase_days,
        min(active_on) as first_bought_on,
        max(active_on) as last_bought_on
    from item_days
    group by scored_on, level, customer_id, item, product_type
)

select * from counted
