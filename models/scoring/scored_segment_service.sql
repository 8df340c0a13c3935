{#- Segments with what they bought, how they contacted service and how satisfied they are; 0
    where nothing of it happened. -#}
{%- set trade_amounts = [
    "gross_amount", "discount_amount", "net_revenue_amount", "returns_amount", "cost_amount",
    "product_cost_amount", "assumed_cost_amount",
] -%}
{%- set contact_counts = [
    "contacts", "toned_contacts", "judged_contacts", "complaints", "contacts_without_cost",
] -%}

with placements as (
    select * from {{ ref('scored_current_segments') }}
),

trade as (
    select * from {{ ref('scored_segment_trade') }}
),

contacts as (
    select * from {{ ref('scored_segment_contacts') }}
),

satisfaction as (
    select * from {{ ref('scored_segment_satisfaction') }}
),

members as (
    select
        segmentation,
        segment_key,
        count(*) as customers
    from placements
    group by segmentation, segment_key
),

segments as (
    select
        segmentation,
        segment_key
    from members
    union
    select
        segmentation,
        segment_key
    from trade
    union
    select
        segmentation,
        segment_key
    from contacts
),

service as (
    select
        segments.segmentation,
        segments.segment_key,
        coalesce(members.customers, 0) as customers,
        coalesce(trade.orders, 0) as orders,
        {%- for amount in trade_amounts %}
        {{ as_amount("coalesce(trade." ~ amount ~ ", 0)") }} as {{ amount }},
        {%- endfor %}
        {%- for count in contact_counts %}
        coalesce(contacts.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        contacts.sentiment_score,
        {{ as_amount("coalesce(contacts.service_cost_amount, 0)") }} as service_cost_amount,
        coalesce(satisfaction.respondents, 0) as respondents,
        satisfaction.satisfaction_score
    from segments
    left join members
        on
            segments.segmentation = members.segmentation
            and segments.segment_key = members.segment_key
    left join trade
        on
            segments.segmentation = trade.segmentation
            and segments.segment_key = trade.segment_key
    left join contacts
        on
            segments.segmentation = contacts.segmentation
            and segments.segment_key = contacts.segment_key
    left join satisfaction
        on
            segments.segmentation = satisfaction.segmentation
            and segments.segment_key = satisfaction.segment_key
)

-- The segments of a segmentation, guests included, are all that the source knows.
select
    *,
    {{ as_amount("net_revenue_amount - cost_amount") }} as gross_margin_amount,
    contacts = 0 or contacts_without_cost < contacts as is_service_cost_known,
    sum(contacts) over (partition by segmentation) as all_contacts,
    sum(judged_contacts) over (partition by segmentation) as all_judged_contacts,
    sum(respondents) over (partition by segmentation) as all_respondents,
    sum(returns_amount) over (partition by segmentation) as all_returns_amount
from service
