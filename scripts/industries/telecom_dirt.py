"""A few rows that no reader can accept, each with its reason."""

import pandas as pd


def soil(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Spoil or add rows in place; return source_table, reason and source_key of each.

    ``source_key`` is a text that the rejected row holds.
    """
    rows: list[tuple[str, str, str]] = []

    def add(name: str, source_table: str, reason: str, key: str, **values: str) -> None:
        """Append a copy of the first row, changed."""
        table = tables[name]
        row = table.iloc[[0]].assign(**values)
        tables[name] = pd.concat([table, row], ignore_index=True)
        rows.append((source_table, reason, key))

    def spoil(
        name: str, reason: str, key_column: str, place: int, **values: str
    ) -> None:
        table = tables[name]
        for column, value in values.items():
            table.loc[table.index[place], column] = value
        source_table = _SOURCE_TABLES[name]
        rows.append((source_table, reason, str(table.iloc[place][key_column])))

    bills = {"subscriber_id": "S0005", "item": "ACC", "quantity": "1"}
    for run, amount, reason, quantity in (
        ("R05", "19.90 EUR", "unreadable_net_amount", "1"),
        ("R06", "", "missing_net_amount", "1"),
        ("R13", "24.90", "missing_occurred_at", "1"),
        ("R07", "24.90", "unreadable_quantity", "one"),
    ):
        # Another item per case, so that no two lines share a key.
        values = {**bills, "run": run, "amount": amount, "quantity": quantity}
        values["item"] = f"ACC{run}"
        add("bill_lines", "transactions", reason, values["item"], **values)
    repeated = tables["bill_lines"].iloc[[3]]
    tables["bill_lines"] = pd.concat(
        [tables["bill_lines"], repeated], ignore_index=True
    )
    rows.append(("transactions", "duplicate_key", repeated.iloc[0]["item"]))
    add("subscribers", "customers", "missing_key", "2024-02-30", subscriber_id="",
        joined_on="2024-02-30")  # fmt: skip
    add("subscribers", "customers", "duplicate_key", "S0001")
    # What the CRM says of a person comes with their row.
    for attribute in _CRM_ATTRIBUTES:
        rows.append(("customer_attributes", "missing_key", attribute))
        rows.append(("customer_attributes", "duplicate_key", attribute))
    add("catalogue", "products", "duplicate_key", "CLA")
    add("catalogue", "products", "unreadable_unit_price", "OLD", item="OLD",
        price="on request")  # fmt: skip
    spoil("contracts", "unreadable_occurred_at", "subscriber_id", _first_ended(tables),
          ends_on="31.08.2025")  # fmt: skip
    spoil("renewal_reviews", "unreadable_value_number", "subscriber_id", 7,
          complaints="some")  # fmt: skip
    spoil("devices", "unreadable_value_number", "subscriber_id", 0,
          storage_used_gb="plenty")  # fmt: skip
    spoil("service_contacts", "unknown_channel", "contact_id", 4, channel="fax")
    spoil("service_contacts", "missing_occurred_at", "contact_id", 9, opened_at="")
    spoil("service_contacts", "unreadable_sentiment_score", "contact_id", 12,
          tone="cross")  # fmt: skip
    add("app_sessions", "interactions", "future_date", "A99999", session_id="A99999",
        started_at="2099-01-01 08:00")  # fmt: skip
    return pd.DataFrame(rows, columns=["source_table", "reason", "source_key"])


_CRM_ATTRIBUTES = (
    "age_years",
    "home_area",
    "shop_distance_km",
    "fibre_at_home",
    "direct_debit",
    "online_bill",
    "traffic_data_consent",
)
_SOURCE_TABLES = {
    "contracts": "customer_outcomes",
    "renewal_reviews": "customer_attributes",
    "devices": "customer_attributes",
    "service_contacts": "interactions",
}


def _first_ended(tables: dict[str, pd.DataFrame]) -> int:
    ended = tables["contracts"]["ended_by"] == "renewed"
    return int(ended.to_numpy().argmax())
