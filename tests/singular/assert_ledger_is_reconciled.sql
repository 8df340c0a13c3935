-- Not a cent between the source and what became of it; of the ledger that finance keeps,
-- not more than the tolerance.
select
    ledger_kind,
    month_on,
    ledger_amount,
    difference_amount
from {{ ref('ledger_reconciliation') }}
where
    abs(difference_amount) > case
        when ledger_kind = 'finance' then {{ setting("finance_ledger_tolerance_amount") }}
        else 0
    end
