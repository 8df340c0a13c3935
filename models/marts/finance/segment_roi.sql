{%- set counted_discount = {
    "none": "0",
    "attributed": "money.attributed_discount_amount",
    "all": "money.discount_amount",
}[setting("discounts_as_marketing")] -%}

with money as (
    select * from {{ ref('scored_segment_money') }}
),

increments as (
    select * from {{ ref('scored_incremental_months') }}
),

names as (
    select * from {{ ref('scored_known_segments') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

-- Discounts that count as marketing are a cost of it and no loss of margin.
costed as (
    select
        money.*,
        {{ as_amount("money.net_revenue_amount - money.cost_amount") }} as gross_margin_amount,
        {{ as_amount(counted_discount) }} as discount_cost_amount,
        {{ as_amount(
            "money.contact_cost_amount + money.shared_cost_amount + " ~ counted_discount
        ) }} as marketing_cost_amount,
        {{ as_amount(
            "money.attributed_revenue_amount - money.attributed_cost_amount"
            ~ (" + money.attributed_discount_amount"
                if setting("discounts_as_marketing") != "none" else "")
        ) }} as attributed_margin_amount
    from money
)

select
    costed.segmentation,
    costed.segment_key,
    coalesce(names.segment_name, costed.segment_key) as segment_name,
    costed.segment_basis,
    case
        when increments.evidence = 'measured' then 'measured'
        when costed.marketing_cost_amount > 0 then 'assumed'
        else 'not enough data'
    end as evidence,
    {{ cost_basis("costed") }} as cost_basis,
    '{{ setting("reporting_currency") }}' as currency_code,
    cast(costed.customers as bigint) as customers,
    cast(costed.orders as bigint) as orders,
    costed.gross_amount,
    costed.discount_amount,
    costed.returns_amount,
    costed.net_revenue_amount,
    costed.cost_amount,
    costed.assumed_cost_amount,
    costed.gross_margin_amount,
    cast(costed.contacts as bigint) as contacts,
    cast(costed.contacts_without_cost as bigint) as contacts_without_cost,
    costed.contact_cost_amount,
    costed.assumed_contact_cost_amount,
    costed.shared_cost_amount,
    costed.discount_cost_amount,
    costed.marketing_cost_amount,
    {{ as_amount(
        "costed.gross_margin_amount + costed.discount_cost_amount - costed.marketing_cost_amount"
    ) }} as contribution_amount,
    costed.attributed_revenue_amount,
    costed.attributed_margin_amount,
    {{ share_of(
        "(costed.attributed_margin_amount - costed.marketing_cost_amount)",
        "costed.marketing_cost_amount",
    ) }} as attributed_roi,
    increments.incremental_revenue_amount,
    increments.incremental_low_amount,
    increments.incremental_high_amount,
    increments.incremental_margin_amount,
    increments.measured_cost_amount,
    {{ share_of(
        "(increments.incremental_margin_amount - increments.measured_cost_amount)",
        "increments.measured_cost_amount",
    ) }} as incremental_roi,
    costed.month_on,
    as_of_dates.as_of_date
from costed
cross join as_of_dates
left join names
    on
        costed.segmentation = names.segmentation
        and costed.segment_key = names.segment_key
left join increments
    on
        costed.segmentation = increments.segmentation
        and costed.segment_key = increments.segment_key
        and costed.month_on = increments.month_on
