{{ files_rows("exchange_rates") }}
