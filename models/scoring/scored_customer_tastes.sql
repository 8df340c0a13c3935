{#- Days' worth of everybody's purchases that a taste starts from, and how much it counts
    beside popularity; both chosen on an earlier cut-off (decision 23). -#}
{%- set prior_days = 100 -%}
{%- set taste_power = 0.25 -%}

with counted as (
    select * from {{ ref('int_customer_items_counted') }}
    where level = 'product_type'
),

items as (
    select * from {{ ref('int_offer_items_counted') }}
    where level = 'product_type'
),

-- Today's products are ranked only where offer_level asks for it.
dates as (
    select * from {{ ref('int_offer_dates_resolved') }}
    where not is_current or '{{ setting("offer_level") }}' = 'product'
)

-- Of products alone: a product type that is new to a customer is of no type they know.
select
    counted.scored_on,
    'product' as level,
    counted.customer_id,
    counted.item as product_type,
    round(
        power(
            1 + {{ share_of(
                "counted.purchase_days",
                prior_days ~ " * items.purchase_share",
            ) }},
            {{ taste_power }}
        ),
        9
    ) as taste_factor
from counted
inner join dates on counted.scored_on = dates.scored_on
inner join items on counted.scored_on = items.scored_on and counted.item = items.item
