{%- set value = "customer_values.value_at_risk_amount" -%}
{%- set first_value = "case when features.shopping_days = 1 then " ~ value ~ " end" -%}

with segments as (
    select * from {{ ref('scored_primary_segments') }}
),

lapse as (
    select * from {{ ref('scored_customer_risk') }}
    where target = 'lapse'
),

returns as (
    select * from {{ ref('scored_customer_risk') }}
    where target = 'return'
),

features as (
    select * from {{ ref('scored_current_risk_features') }}
),

customer_values as (
    select * from {{ ref('scored_customer_values') }}
),

rates as (
    select * from {{ ref('scored_conversion_rates') }}
),

-- What a first order leads to: what those who have bought once are worth if they stay.
first_values as (
    select
        {{ as_amount(share_of("sum(" ~ first_value ~ ")", "count(" ~ first_value ~ ")")) }}
            as first_value_amount,
        {{ as_amount(share_of("sum(" ~ value ~ ")", "count(" ~ value ~ ")")) }} as mean_value_amount
    from customer_values
    inner join features on customer_values.customer_id = features.customer_id
),

prospects as (
    select
        segments.customer_id,
        segments.segmentation,
        segments.segment_key,
        segments.segment_name,
        case
            when features.customer_id is null then 'first_purchase'
            when lapse.standing = 'lapsed' then 'reactivation'
            else 'more'
        end as lead_type,
        case
            when lapse.probability is not null or returns.probability is not null
                then 'scorecard'
            when features.no_purchase_probability is not null then 'purchase_model'
            else 'segment_rate'
        end as probability_basis,
        case
            when features.customer_id is null
                then
                    coalesce(first_values.first_value_amount, first_values.mean_value_amount)
            else customer_values.value_at_risk_amount
        end as expected_value_amount,
        round(
            coalesce(
                returns.probability,
                1 - lapse.probability,
                1 - features.no_purchase_probability,
                rates.conversion_rate
            ),
            9
        ) as probability,
        features.recency_days,
        segments.as_of_date
    from segments
    cross join first_values
    left join features on segments.customer_id = features.customer_id
    left join lapse on segments.customer_id = lapse.customer_id
    left join returns on segments.customer_id = returns.customer_id
    left join customer_values on segments.customer_id = customer_values.customer_id
    left join rates
        on
            segments.segment_key = rates.segment_key
            and (features.customer_id is not null) = rates.has_bought
)

select * from prospects
