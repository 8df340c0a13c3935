{{ checked_rows(
    "campaign_responses",
    required=["campaign_id", "customer_id", "responded_at"],
    times=["responded_at"]
) }}
