with lines as (
    select
        order_id,
        currency_code,
        net_amount,
        original_net_amount,
        occurred_on,
        {{ first_day_of_month("occurred_on") }} as month_on
    from {{ ref('checked_transactions') }}
    -- What finance books: accepted rows, and rejected ones that would have been revenue.
    where
        coalesce(rejection_reason, 'accepted') <> 'duplicate_key'
        and net_amount is not null
        and currency_code <> '{{ setting("reporting_currency") }}'
),

rates as (
    {{ exchange_rate_periods() }}
),

exact_lines as (
    select
        lines.currency_code,
        lines.month_on,
        lines.order_id,
        lines.net_amount,
        -- Not rounded: two places times eight are ten.
        lines.original_net_amount * rates.rate_to_reporting as exact_amount
    from lines
    inner join rates
        on
            lines.currency_code = rates.currency_code
            and lines.occurred_on >= rates.valid_from_on
            and lines.occurred_on < rates.valid_until_on
),

summed as (
    select
        currency_code,
        cast(count(*) as bigint) as line_count,
        {{ as_amount("sum(net_amount)") }} as line_by_line_amount,
        {{ as_amount("sum(exact_amount)") }} as month_at_once_amount,
        min(order_id) as first_order_id,
        month_on
    from exact_lines
    group by currency_code, month_on
)

select
    currency_code,
    line_count,
    line_by_line_amount,
    month_at_once_amount,
    {{ as_amount("month_at_once_amount - line_by_line_amount") }} as rounding_amount,
    first_order_id,
    month_on
from summed
