{{ files_rows("customer_outcomes") }}
