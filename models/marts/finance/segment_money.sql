{#- A row is either of sales or of marketing: the channels of the two are not the same. -#}
{%- set discounts = setting("discounts_as_marketing") -%}
{%- set amounts = [
    "net_revenue", "cost", "marketing_cost", "attributed_revenue", "attributed_margin",
] -%}
{%- set kinds = {
    "revenue": {
        "sales_channel": "sales_channel",
        "orders": "orders",
        "net_revenue": "net_revenue_amount",
        "cost": "cost_amount",
        "marketing_cost": "discount_amount" if discounts == "all" else "0",
    },
    "costs": {
        "marketing_channel": "marketing_channel",
        "marketing_cost": "cost_amount",
    },
    "attribution": {
        "marketing_channel": "marketing_channel",
        "marketing_cost": "attributed_discount_amount" if discounts == "attributed" else "0",
        "attributed_revenue": "attributed_revenue_amount",
        "attributed_margin": "attributed_revenue_amount - attributed_cost_amount"
            ~ (" + attributed_discount_amount" if discounts != "none" else ""),
    },
} -%}

with revenue as (
    select * from {{ ref('scored_channel_revenue') }}
),

costs as (
    select * from {{ ref('scored_channel_costs') }}
),

attribution as (
    select * from {{ ref('scored_channel_attribution') }}
),

names as (
    select * from {{ ref('scored_known_segments') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

parts as (
    {%- for kind, columns in kinds.items() %}
    select
        segmentation,
        segment_key,
        {%- for channel in ["sales_channel", "marketing_channel"] %}
        cast({{ columns.get(channel, "null") }} as string) as {{ channel }},
        {%- endfor %}
        region,
        {{ columns.get("orders", "0") }} as orders,
        {%- for amount in amounts %}
        {{ columns.get(amount, "0") }} as {{ amount }}_amount,
        {%- endfor %}
        month_on
    from {{ kind }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    parts.segmentation,
    parts.segment_key,
    coalesce(names.segment_name, parts.segment_key) as segment_name,
    parts.sales_channel,
    parts.marketing_channel,
    parts.region,
    '{{ setting("reporting_currency") }}' as currency_code,
    cast(sum(parts.orders) as bigint) as orders,
    {%- for amount in amounts %}
    {{ as_amount("sum(parts." ~ amount ~ "_amount)") }} as {{ amount }}_amount,
    {%- endfor %}
    {{ as_amount("sum(parts.net_revenue_amount - parts.cost_amount)") }} as gross_margin_amount,
    models.is_primary as is_primary_segmentation,
    parts.month_on,
    as_of_dates.as_of_date
from parts
cross join as_of_dates
inner join models on parts.segmentation = models.segmentation
left join names
    on
        parts.segmentation = names.segmentation
        and parts.segment_key = names.segment_key
group by all
