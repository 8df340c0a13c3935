{{ checked_rows(
    "products",
    key=["product_id"],
    required=["offer_type"],
    allowed={"offer_type": ["product", "investment_plan", "care_plan", "tariff", "travel_package"]}
) }}
