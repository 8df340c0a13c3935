{{ checked_rows(
    "customer_attributes",
    key=["customer_id", "attribute"],
    required=["family"],
    times=["observed_at"],
    allowed={"family": ["demographic", "behavioural", "psychographic", "geographic", "technographic"]}
) }}
