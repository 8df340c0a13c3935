"""Rows of Alder Bank that must be refused, and what its finance department books."""

import re
from decimal import Decimal

import pandas as pd

KEY_COLUMNS = ["source_table", "reason", "source_key"]
_AMOUNT = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])")
# Table of transactions -> its day and its amount.
_BOOKED = {
    "card_payments": ("paid_on", "interchange"),
    "transfers": ("executed_on", "fee"),
    "balances": ("booked_on", "margin"),
    "plans_held": ("taken_on", "entry_fee"),
}


# Raw table, position of the row that is copied, reason, and what is changed in the
# copy, first of all what the refused row is known by.
_TRANSACTIONS = (
    (
        "card_payments",
        120,
        "unreadable_net_amount",
        {"payment_id": "D01", "interchange": "0,14"},
    ),
    (
        "card_payments",
        240,
        "missing_net_amount",
        {"payment_id": "D02", "interchange": ""},
    ),
    (
        "card_payments",
        360,
        "unreadable_quantity",
        {"payment_id": "D03", "amount": "12.80 EUR"},
    ),
    ("card_payments", 480, "missing_occurred_at", {"payment_id": "D04", "paid_on": ""}),
    (
        "card_payments",
        600,
        "future_date",
        {"payment_id": "D05", "paid_on": "2031-02-03"},
    ),
    ("card_payments", 720, "missing_key", {"amount": "4711.47", "payment_id": ""}),
    ("card_payments", 840, "duplicate_key", {}),
    (
        "transfers",
        50,
        "unreadable_occurred_at",
        {"transfer_id": "D11", "executed_on": "2025-13-01"},
    ),
    ("transfers", 60, "duplicate_key", {}),
    (
        "plans_held",
        70,
        "unreadable_net_amount",
        {"contract_id": "D21", "entry_fee": "waived"},
    ),
)
# A customer whose row is refused leaves no attribute behind.
_SILENT = {"age_years": "", "occupation": "", "household_size": ""}
_OTHERS = (
    (
        "customers",
        10,
        {"customers": "missing_key"},
        {"region": "Nowhere", "customer_id": "", **_SILENT},
    ),
    (
        "customers",
        11,
        {
            "customers": "unreadable_registered_at",
            "customer_attributes": "unreadable_value_number",
        },
        {
            "customer_id": "C9001",
            "registered_on": "12.03.2019",
            **_SILENT,
            "age_years": "forty",
        },
    ),
    (
        "questionnaires",
        12,
        {"customer_attributes": "missing_key"},
        {
            "answered_on": "2001-01-01",
            "customer_id": "",
            "investment_horizon": "",
            "investment_knowledge": "",
        },
    ),
    (
        "products",
        3,
        {"products": "missing_key"},
        {"product_name": "Nameless", "product_id": ""},
    ),
    (
        "sessions",
        30,
        {"interactions": "missing_occurred_at"},
        {"session_id": "D31", "started_on": ""},
    ),
    (
        "sessions",
        40,
        {"interactions": "unreadable_duration_seconds"},
        {"session_id": "D32", "seconds": "2 min"},
    ),
    ("sessions", 50, {"interactions": "duplicate_key"}, {}),
)


def add_dirty_rows(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Add dirty rows to raw tables, in place, and return the reason of each.

    source_key is a text that stands in the refused row.
    """
    lines = [
        (table, place, {"transactions": reason}, changes)
        for table, place, reason, changes in _TRANSACTIONS
    ]
    key = []
    for table, place, reasons, changes in [*lines, *_OTHERS]:
        rows = tables[table]
        row = rows.iloc[place].to_dict()
        source_key = next(iter(changes.values()), row[rows.columns[0]])
        tables[table] = pd.concat(
            [rows, pd.DataFrame([row | changes])], ignore_index=True
        )
        key += [(*reason, source_key) for reason in reasons.items()]
    return pd.DataFrame(key, columns=KEY_COLUMNS).sort_values(
        KEY_COLUMNS, ignore_index=True
    )


def finance_ledger(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What finance books per month: readable amounts, repeated rows once.

    The month is blank where a row has no readable day.
    """
    entries = pd.concat(
        [
            tables[table]
            .drop_duplicates()[[day, amount]]
            .set_axis(["day", "amount"], axis=1)
            for table, (day, amount) in _BOOKED.items()
        ],
        ignore_index=True,
    )
    entries = entries[entries["amount"].str.fullmatch(_AMOUNT.pattern)]
    is_dated = entries["day"].str.fullmatch(_DAY.pattern)
    month_on = (entries["day"].str[:7] + "-01").where(is_dated, "")
    totals = entries["amount"].map(Decimal).groupby(month_on.rename("month_on")).sum()
    return totals.rename("net_revenue_amount").astype(str).reset_index()
