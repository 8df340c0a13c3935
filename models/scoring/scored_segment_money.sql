{#- What a segment sold, what was credited to campaigns and what marketing cost, each null
    where there was nothing of it. -#}
with revenue as (
    select * from {{ ref('scored_segment_revenue') }}
),

attributed as (
    select
        segmentation,
        segment_key,
        sum(attributed_revenue_amount) as attributed_revenue_amount,
        sum(attributed_cost_amount) as attributed_cost_amount,
        sum(attributed_discount_amount) as attributed_discount_amount,
        month_on
    from {{ ref('scored_segment_attribution') }}
    group by segmentation, segment_key, month_on
),

marketing as (
    select
        segmentation,
        segment_key,
        sum(contact_count) as contacts,
        sum(case when cost_basis = 'unknown' then contact_count else 0 end)
            as contacts_without_cost,
        sum(case when cost_type = 'contact' then cost_amount else 0 end)
            as contact_cost_amount,
        sum(case when cost_basis = 'assumed' then cost_amount else 0 end)
            as assumed_contact_cost_amount,
        sum(case when cost_type = 'shared' then cost_amount else 0 end)
            as shared_cost_amount,
        month_on
    from {{ ref('scored_marketing_costs') }}
    group by segmentation, segment_key, month_on
),

covered as (
    select * from {{ ref('scored_covered_months') }}
),

rows_listed as (
    select
        segmentation,
        segment_key,
        month_on
    from revenue
    union
    select
        segmentation,
        segment_key,
        month_on
    from marketing
)

select
    rows_listed.segmentation,
    rows_listed.segment_key,
    case when covered.month_on is null then 'current' else 'month_start' end as segment_basis,
    coalesce(revenue.customers, 0) as customers,
    coalesce(revenue.orders, 0) as orders,
    {%- for amount in [
        "gross_amount", "discount_amount", "returns_amount", "net_revenue_amount",
        "cost_amount", "product_cost_amount", "assumed_cost_amount",
    ] %}
    {{ as_amount("coalesce(revenue." ~ amount ~ ", 0)") }} as {{ amount }},
    {%- endfor %}
    coalesce(marketing.contacts, 0) as contacts,
    coalesce(marketing.contacts_without_cost, 0) as contacts_without_cost,
    {%- for amount in [
        "contact_cost_amount", "assumed_contact_cost_amount", "shared_cost_amount",
    ] %}
    {{ as_amount("coalesce(marketing." ~ amount ~ ", 0)") }} as {{ amount }},
    {%- endfor %}
    {%- for amount in [
        "attributed_revenue_amount", "attributed_cost_amount", "attributed_discount_amount",
    ] %}
    {{ as_amount("coalesce(attributed." ~ amount ~ ", 0)") }} as {{ amount }},
    {%- endfor %}
    rows_listed.month_on
from rows_listed
left join revenue
    on
        rows_listed.segmentation = revenue.segmentation
        and rows_listed.segment_key = revenue.segment_key
        and rows_listed.month_on = revenue.month_on
left join attributed
    on
        rows_listed.segmentation = attributed.segmentation
        and rows_listed.segment_key = attributed.segment_key
        and rows_listed.month_on = attributed.month_on
left join marketing
    on
        rows_listed.segmentation = marketing.segmentation
        and rows_listed.segment_key = marketing.segment_key
        and rows_listed.month_on = marketing.month_on
left join covered
    on rows_listed.segmentation = covered.segmentation and rows_listed.month_on = covered.month_on
