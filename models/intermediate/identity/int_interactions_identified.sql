with interactions as (
    select * from {{ ref('input_interactions') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

-- All records that share an identifier are one customer by now.
devices as (
    select
        identifier_hash,
        min(customer_id) as customer_id
    from {{ ref('int_identifier_links_labelled') }}
    where identifier_type = 'device'
    group by identifier_hash
),

identified_interactions as (
    select
        interactions.interaction_id,
        coalesce(
            identified.customer_id, interactions.customer_id, devices.customer_id
        ) as customer_id,
        interactions.channel,
        interactions.interaction_type,
        interactions.device_type,
        interactions.operating_system,
        interactions.duration_seconds,
        interactions.page_count,
        interactions.sentiment_score,
        interactions.reach_count,
        interactions.occurred_at,
        interactions.occurred_on
    from interactions
    left join identified on interactions.customer_id = identified.source_customer_id
    left join devices on interactions.identifier_hash = devices.identifier_hash
)

select * from identified_interactions
