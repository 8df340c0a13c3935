{{ checked_rows(
    "interactions",
    key=["interaction_id"],
    required=["occurred_at"],
    times=["occurred_at"],
    allowed={"channel": ["web", "app", "email", "store", "phone", "social"]}
) }}
