{{ checked_rows(
    "marketing_costs",
    required=["cost_on", "cost_amount"],
    dates=["cost_on"]
) }}
