{{ files_rows("customer_attributes") }}
