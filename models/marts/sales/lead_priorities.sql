{%- set horizon = setting("risk_horizon_days") -%}

with leads as (
    select * from {{ ref('scored_leads') }}
    where standing = 'lead'
),

turns as (
    select * from {{ ref('scored_lead_turns') }}
),

approaches as (
    select * from {{ ref('scored_lead_approaches') }}
),

lead_priorities as (
    select
        leads.customer_id,
        leads.segmentation,
        leads.segment_key,
        leads.segment_name,
        leads.region,
        leads.lead_type,
        leads.channel,
        approaches.value_band,
        approaches.suggested_approach,
        case leads.lead_type
            when 'first_purchase'
                then
                    'has never {{ word("has_never") }}; such {{ word("customer") }}s '
                    || '{{ word("to_order") }}'
            when 'reactivation'
                then
                    'no {{ word("order") }} for ' || {{ number_text("leads.recency_days", "count") }}
                    || ' days; returns'
            else
                'last {{ word("order") }} ' || {{ days_ago("leads.recency_days") }}
                || '; {{ word("comes_back") }}'
        end
        || ' within {{ horizon }} days with a probability of '
        || {{ number_text("leads.probability", "share") }} || ', then worth '
        || {{ number_text("leads.expected_value_amount", "amount") }}
        || ' in {{ setting("value_horizon_days") }} days; reached by ' || leads.channel
        || ' with ' || {{ number_text("leads.reachability", "share") }} as reason,
        leads.probability_basis,
        leads.reach_basis,
        '{{ setting("reporting_currency") }}' as currency_code,
        leads.expected_value_amount,
        leads.probability,
        leads.reachability,
        leads.score,
        cast(turns.region_rank as bigint) as region_rank,
        cast(turns.region_capacity as bigint) as region_capacity,
        cast(turns.week_number as bigint) as week_number,
        cast(turns.priority_rank as bigint) as priority_rank,
        turns.is_within_capacity,
        leads.as_of_date
    from leads
    inner join turns on leads.customer_id = turns.customer_id
    inner join approaches on leads.customer_id = approaches.customer_id
)

select * from lead_priorities
