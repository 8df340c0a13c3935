-- Not a cent between a ledger and what became of it.
select *
from {{ ref('ledger_reconciliation') }}
where difference_amount <> 0
