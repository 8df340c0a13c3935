-- Not a cent between a ledger and what became of it.
select
    ledger_kind,
    month_on,
    ledger_amount,
    difference_amount
from {{ ref('ledger_reconciliation') }}
where difference_amount <> 0
