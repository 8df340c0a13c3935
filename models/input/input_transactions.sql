select
    transaction_id,
    order_id,
    customer_id,
    product_id,
    transaction_type,
    currency_code,
    channel,
    location_id,
    quantity,
    gross_amount,
    discount_amount,
    net_amount,
    cost_amount,
    third_party_funded_amount,
    original_net_amount,
    is_product_known,
    occurred_at,
    occurred_on
from {{ ref('checked_transactions') }}
where rejection_reason is null
