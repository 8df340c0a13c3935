{{ checked_rows(
    "customer_outcomes",
    key=["customer_id", "outcome"],
    required=["value"],
    times=["occurred_at"]
) }}
