select
    ledger_kind,
    net_revenue_amount,
    month_on
from {{ ref('checked_ledger_totals') }}
where rejection_reason is null
