select
    product_id,
    product_name,
    department,
    category,
    product_type,
    brand,
    offer_type,
    unit_price,
    unit_cost,
    is_active
from {{ ref('checked_products') }}
where rejection_reason is null
