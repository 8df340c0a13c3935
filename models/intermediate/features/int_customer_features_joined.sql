with buyers as (
    select * from {{ ref('int_buyer_features_joined') }}
),

-- One row per known customer, whether they ever bought or not.
interactions as (
    select * from {{ ref('int_interaction_features_measured') }}
),

devices as (
    select * from {{ ref('int_device_features_measured') }}
),

postal as (
    select * from {{ ref('int_postal_features_measured') }}
),

joined as (
    select
        interactions.as_of_date,
        interactions.customer_id,
        buyers.home_location_id,
        buyers.recency_days,
        buyers.recency_seasons,
        buyers.frequency,
        buyers.monetary_amount,
        buyers.mean_order_amount,
        buyers.mean_order_units,
        buyers.mean_interval_days,
        buyers.interval_variation,
        buyers.spend_trend,
        buyers.evening_share,
        buyers.weekend_share,
        buyers.discount_share,
        buyers.coupon_order_share,
        buyers.private_label_share,
        buyers.product_type_count,
        buyers.department_concentration,
        interactions.web_visit_count,
        interactions.web_recency_days,
        interactions.pages_per_visit,
        interactions.minutes_per_visit,
        interactions.app_visit_count,
        interactions.email_open_share,
        interactions.email_click_share,
        interactions.support_contact_count,
        interactions.support_tone,
        buyers.deal_seeking_share,
        buyers.variety_seeking_share,
        buyers.brand_attachment_share,
        buyers.fresh_share,
        buyers.healthy_share,
        buyers.convenience_share,
        interactions.social_mention_count,
        interactions.social_reach,
        interactions.social_sentiment,
        buyers.home_store_share,
        buyers.location_count,
        buyers.store_switch_share,
        buyers.home_store_customer_count,
        postal.store_distance_km,
        devices.mobile_share,
        devices.tablet_share,
        devices.app_share,
        devices.operating_system_count
    from interactions
    left join buyers
        on
            interactions.as_of_date = buyers.as_of_date
            and interactions.customer_id = buyers.customer_id
    left join devices
        on
            interactions.as_of_date = devices.as_of_date
            and interactions.customer_id = devices.customer_id
    left join postal
        on
            interactions.as_of_date = postal.as_of_date
            and interactions.customer_id = postal.customer_id
)

select * from joined
