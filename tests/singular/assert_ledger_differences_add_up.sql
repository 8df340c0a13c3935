-- Whatever lies between a ledger and the segments is an item: the items of a month come to
-- the ledger less the segments.
with reconciliation as (
    select
        ledger_kind,
        month_on,
        ledger_amount - segments_amount as amount
    from {{ ref('ledger_reconciliation') }}
),

items as (
    select
        ledger_kind,
        month_on,
        amount
    from {{ ref('ledger_differences') }}
),

both_sides as (
    select
        ledger_kind,
        month_on,
        amount as reconciliation_amount,
        0 as items_amount
    from reconciliation

    union all

    select
        ledger_kind,
        month_on,
        0 as reconciliation_amount,
        amount as items_amount
    from items
)

-- Not a join, for rows without a date have no month.
select
    ledger_kind,
    month_on,
    sum(reconciliation_amount) as reconciliation_amount,
    sum(items_amount) as items_amount
from both_sides
group by ledger_kind, month_on
having sum(reconciliation_amount) <> sum(items_amount)
