with at_risk as (
    select * from {{ ref('scored_at_risk_customers') }}
),

segments as (
    select * from {{ ref('scored_primary_segments') }}
),

features as (
    select * from {{ ref('scored_current_risk_features') }}
),

declines as (
    select * from {{ ref('scored_customer_risk') }}
    where target = 'decline'
),

reasons as (
    select
        customer_id,
        max(case when reason_rank = 1 then reason end) as reason_1,
        max(case when reason_rank = 2 then reason end) as reason_2,
        max(case when reason_rank = 3 then reason end) as reason_3
    from {{ ref('scored_risk_reasons') }}
    group by customer_id
),

actions as (
    select * from {{ ref('scored_retention_actions') }}
),

offers as (
    select * from {{ ref('scored_retention_offers') }}
),

contacts as (
    select * from {{ ref('int_contactable_customers_listed') }}
),

at_risk_customers as (
    select
        at_risk.customer_id,
        segments.segmentation,
        segments.segment_key,
        segments.segment_name,
        at_risk.target,
        at_risk.model_version,
        '{{ setting("reporting_currency") }}' as currency_code,
        at_risk.risk_score,
        at_risk.base_rate,
        declines.probability as decline_score,
        at_risk.risk_band,
        case
            when at_risk.priority_rank <= {{ setting("retention_capacity") }} then 'this_period'
            when at_risk.priority_rank <= {{ 2 * setting("retention_capacity") }} then 'next_period'
            else 'later'
        end as capacity_band,
        at_risk.expected_loss_amount,
        at_risk.value_at_risk_amount,
        actions.value_band,
        cast(features.recency_days as bigint) as days_since_last_order,
        features.mean_interval_days as expected_interval_days,
        reasons.reason_1,
        reasons.reason_2,
        reasons.reason_3,
        actions.recommended_action,
        offers.product_id as offered_product_id,
        offers.product_name as offered_product_name,
        offers.reason as offer_reason,
        coalesce(contacts.is_contactable, false) as is_contactable,
        coalesce(contacts.has_consent, false) as has_consent,
        contacts.last_contact_on,
        at_risk.priority_rank,
        segments.as_of_date
    from at_risk
    inner join segments on at_risk.customer_id = segments.customer_id
    left join features on at_risk.customer_id = features.customer_id
    left join declines on at_risk.customer_id = declines.customer_id
    left join reasons on at_risk.customer_id = reasons.customer_id
    left join actions on at_risk.customer_id = actions.customer_id
    left join offers on at_risk.customer_id = offers.customer_id
    left join contacts on at_risk.customer_id = contacts.customer_id
)

select * from at_risk_customers
