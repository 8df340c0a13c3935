{%- set horizon = setting("risk_horizon_days") -%}
{%- set half = horizon // 2 -%}
{%- set longer = horizon * 3 // 2 -%}
{#- Columns as (name, from days ago, to days ago): windows of the horizon. -#}
{%- set windows = [
    ("half", 0, half),
    ("previous_half", half, 2 * half),
    ("horizon", 0, horizon),
    ("longer", 0, longer),
    ("previous_longer", longer, 2 * longer),
    ("baseline", 0, 3 * horizon),
] -%}

with shopping_days as (
    select * from {{ ref('int_shopping_days_dated') }}
),

measured as (
    select
        scored_on,
        customer_id,
        is_example,
        count(*) as shopping_days,
        max(days_ago) as age_days,
        min(days_ago) as recency_days,
        sum(case when is_first then 0 else net_amount end) as repeat_amount,
        sum(net_amount) as total_amount,
        {%- for name, start, end in windows %}
        {%- set is_inside = "days_ago > " ~ start ~ " and days_ago <= " ~ end %}
        count(case when {{ is_inside }} then 1 end) as {{ name }}_days,
        sum(case when {{ is_inside }} then net_amount else 0 end) as {{ name }}_amount,
        {%- endfor %}
        {%- for name in ["horizon", "baseline"] %}
        {%- set is_inside = "days_ago <= " ~ (horizon if name == "horizon" else 3 * horizon) %}
        sum(case when {{ is_inside }} then line_count else 0 end) as {{ name }}_lines,
        sum(case when {{ is_inside }} then gross_amount else 0 end) as {{ name }}_gross,
        sum(case when {{ is_inside }} then discount_amount else 0 end)
            as {{ name }}_discount,
        {%- endfor %}
        min(active_on) as first_order_on,
        max(active_on) as last_order_on
    from shopping_days
    group by scored_on, customer_id, is_example
),

histories as (
    select
        *,
        shopping_days - 1 as repeat_count,
        age_days - recency_days as last_repeat_days,
        case
            when shopping_days > 1 and repeat_amount > 0
                then round({{ share_of("repeat_amount", "shopping_days - 1") }}, 9)
        end as mean_repeat_amount
    from measured
)

select * from histories
