with reconciliation as (
    select * from {{ ref('ledger_reconciliation') }}
),

ledger_items as (
    select * from {{ ref('int_ledger_items_listed') }}
    where item_type <> 'ledger'
),

unplaced_orders as (
    select * from {{ ref('int_unplaced_orders_counted') }}
),

lost_orders as (
    select * from {{ ref('int_lost_orders_counted') }}
),

unplaced as (
    select
        ledger_kind,
        'guest' as item,
        guest_amount as amount,
        month_on
    from reconciliation

    union all

    select
        ledger_kind,
        'after_as_of' as item,
        after_as_of_amount as amount,
        month_on
    from reconciliation
),

items as (
    select
        ledger_kind,
        item_type,
        item,
        row_count,
        amount,
        example,
        month_on
    from ledger_items

    union all

    select
        unplaced.ledger_kind,
        unplaced.item as item_type,
        unplaced.item,
        coalesce(unplaced_orders.row_count, 0) as row_count,
        unplaced.amount,
        unplaced_orders.first_order_id as example,
        unplaced.month_on
    from unplaced
    left join unplaced_orders
        on
            unplaced.month_on = unplaced_orders.month_on
            and unplaced.item = unplaced_orders.item
    where unplaced.amount <> 0 or unplaced_orders.row_count > 0

    union all

    select
        reconciliation.ledger_kind,
        'unexplained' as item_type,
        'unexplained' as item,
        coalesce(lost_orders.row_count, 0) as row_count,
        reconciliation.difference_amount as amount,
        lost_orders.first_order_id as example,
        reconciliation.month_on
    from reconciliation
    left join lost_orders on reconciliation.month_on = lost_orders.month_on
    where reconciliation.difference_amount <> 0
)

select
    items.ledger_kind,
    items.item_type,
    items.item,
    '{{ setting("reporting_currency") }}' as currency_code,
    items.example,
    cast(items.row_count as bigint) as row_count,
    {{ as_amount("items.amount") }} as amount,
    items.month_on,
    as_of_dates.as_of_date
from items
inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates on as_of_dates.is_current
