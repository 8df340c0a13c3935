{{ files_rows("customer_identifiers") }}
