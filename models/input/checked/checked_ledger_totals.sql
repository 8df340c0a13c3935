{{ checked_rows(
    "ledger_totals",
    required=["net_revenue_amount"],
    allowed={"ledger_kind": ["source_control", "finance"]}
) }}
