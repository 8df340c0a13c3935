with rfm as (
    select * from {{ ref('int_customer_rfm_measured') }}
),

purchases as (
    select * from {{ ref('int_purchase_features_measured') }}
),

rhythm as (
    select * from {{ ref('int_rhythm_features_measured') }}
),

assortment as (
    select * from {{ ref('int_assortment_features_measured') }}
),

locations as (
    select * from {{ ref('int_location_features_measured') }}
),

joined as (
    select
        rfm.as_of_date,
        rfm.customer_id,
        locations.home_location_id,
        cast(rfm.recency_days as double) as recency_days,
        cast(rfm.recency_seasons as double) as recency_seasons,
        cast(rfm.frequency as double) as frequency,
        cast(rfm.monetary_amount as double) as monetary_amount,
        purchases.mean_order_amount,
        purchases.mean_order_units,
        rhythm.mean_interval_days,
        rhythm.interval_variation,
        purchases.spend_trend,
        purchases.evening_share,
        purchases.weekend_share,
        purchases.discount_share,
        purchases.coupon_order_share,
        assortment.private_label_share,
        assortment.product_type_count,
        assortment.department_concentration,
        assortment.deal_seeking_share,
        assortment.variety_seeking_share,
        assortment.brand_attachment_share,
        assortment.fresh_share,
        assortment.healthy_share,
        assortment.convenience_share,
        locations.home_store_share,
        locations.location_count,
        locations.store_switch_share,
        locations.home_store_customer_count
    from rfm
    left join purchases
        on rfm.as_of_date = purchases.as_of_date
            and rfm.customer_id = purchases.customer_id
    left join rhythm
        on rfm.as_of_date = rhythm.as_of_date and rfm.customer_id = rhythm.customer_id
    left join assortment
        on rfm.as_of_date = assortment.as_of_date
            and rfm.customer_id = assortment.customer_id
    left join locations
        on rfm.as_of_date = locations.as_of_date
            and rfm.customer_id = locations.customer_id
)

select * from joined
