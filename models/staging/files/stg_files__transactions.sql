{{ files_rows(
    "transactions",
    made={
        "transaction_id": "file_row_key",
        "order_id": (
            "md5(coalesce(customer_id || '|' || cast(occurred_at as varchar), file_row_key))"
        ),
        "currency_code": "'" ~ setting("reporting_currency") ~ "'",
        "transaction_type": "case when net_amount < 0 then 'return' else 'sale' end",
    }
) }}
