{{ checked_rows(
    "campaign_contacts",
    key=["campaign_id", "customer_id"],
    required=["is_holdout"],
    times=["contacted_at"]
) }}
