select
    currency_code,
    rate_to_reporting,
    rate_on
from {{ ref('checked_exchange_rates') }}
where rejection_reason is null
