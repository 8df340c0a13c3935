{{ checked_rows(
    "customer_identifiers",
    key=["source_system", "customer_id", "identifier_type", "identifier_hash"],
    times=["observed_at"]
) }}
