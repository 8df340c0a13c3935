{#- Two ledgers: what finance keeps, and the raw lines added up on a path of its own. -#}
with finance_ledger as (
    select * from {{ ref('sample_finance_ledger') }}
),

raw_lines as (
    select
        shop_lines.net_amount,
        orders.currency_code,
        orders.ordered_at as occurred_at
    from {{ ref('sample_shop_lines') }} as shop_lines
    left join {{ ref('sample_shop_orders') }} as orders
        on shop_lines.order_id = orders.order_id
    union all
    select
        net_amount,
        currency_code,
        returned_at as occurred_at
    from {{ ref('sample_shop_returns') }}
),

read_lines as (
    select
        {{ text_as('net_amount', 'decimal(18, 2)') }} as net_amount,
        currency_code,
        {{ local_date(text_as('occurred_at', 'timestamp')) }} as occurred_on
    from raw_lines
),

rates as (
    select
        currency_code,
        {{ text_as('rate_to_reporting', 'decimal(18, 8)') }} as rate,
        {{ text_as('rate_on', 'date') }} as rate_on
    from {{ ref('sample_exchange_rates') }}
),

converted as (
    select
        read_lines.occurred_on,
        case
            when read_lines.currency_code = '{{ setting("reporting_currency") }}'
                then read_lines.net_amount
            else {{ as_amount("read_lines.net_amount * rates.rate") }}
        end as net_amount
    from read_lines
    left join rates
        on
            read_lines.currency_code = rates.currency_code
            and rates.rate_on = (
                select max(earlier.rate_on)
                from rates as earlier
                where
                    earlier.currency_code = read_lines.currency_code
                    and earlier.rate_on <= read_lines.occurred_on
            )
),

ledgers as (
    select
        'source_control' as ledger_kind,
        {{ first_day_of_month("occurred_on") }} as month_on,
        {{ as_amount("coalesce(sum(net_amount), 0)") }} as net_revenue_amount,
        cast(null as string) as unreadable_columns
    from converted
    group by 2
    union all
    {{ finance_ledger_rows("finance_ledger") }}
)

select
    *,
    {{ row_as_json('ledgers') }} as source_row
from ledgers
