{{ checked_rows("customers", key=["customer_id"], times=["registered_at"]) }}
