{{ checked_rows(
    "survey_responses",
    key=["response_id"],
    required=["customer_id", "responded_at"],
    times=["responded_at"]
) }}
