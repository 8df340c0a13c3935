with transactions as (
    {{ checked_rows(
        "transactions",
        key=["transaction_id"],
        required=["order_id", "occurred_at", "transaction_type", "net_amount", "currency_code"],
        times=["occurred_at"],
        allowed={"transaction_type": ["sale", "return"]},
        has_money=true
    ) }}
),

products as (
    select product_id from {{ ref('input_products') }}
),

flagged as (
    select
        transactions.*,
        products.product_id is not null as is_product_known
    from transactions
    left join products on transactions.product_id = products.product_id
)

select * from flagged
