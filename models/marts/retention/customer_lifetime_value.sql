with scored as (
    select * from {{ ref('scored_customer_values') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

customer_lifetime_value as (
    select
        scored.customer_id,
        scored.model,
        scored.model_version,
        scored.margin_basis,
        '{{ setting("reporting_currency") }}' as currency_code,
        cast({{ setting("value_horizon_days") }} as bigint) as horizon_days,
        scored.probability_alive,
        scored.expected_orders,
        scored.margin_share,
        cast({{ setting("yearly_discount_rate") }} as double) as yearly_discount_rate,
        {{ as_amount("scored.expected_order_amount") }} as expected_order_amount,
        scored.expected_value_amount,
        as_of_dates.as_of_date
    from scored
    cross join as_of_dates
)

select * from customer_lifetime_value
