{{ checked_rows(
    "exchange_rates",
    key=["currency_code", "rate_on"],
    required=["rate_to_reporting"],
    dates=["rate_on"]
) }}
