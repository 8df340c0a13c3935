"""Rows that no system should have written, each with the reason it is refused."""

import pandas as pd

# Table, its key, the column that is spoiled, the text, the input table and the reason.
_SPOILED = (
    ("billing_lines", "encounter_no", "amount", "on invoice", "transactions",
     "unreadable_gross_amount"),
    ("billing_lines", "encounter_no", "billed_at", "", "transactions",
     "missing_occurred_at"),
    ("billing_lines", "encounter_no", "billed_at", "2031-04-01 09:00", "transactions",
     "future_date"),
    ("dispensary_fills", "fill_no", "days_of_supply", "three weeks", "transactions",
     "unreadable_quantity"),
    ("appointments", "appointment_no", "place", "fax", "interactions",
     "unknown_channel"),
    ("appointments", "appointment_no", "planned_at", "", "interactions",
     "missing_occurred_at"),
    ("sessions", "session_no", "seconds", "long", "interactions",
     "unreadable_duration_seconds"),
    ("calls", "call_no", "tone", "angry", "interactions",
     "unreadable_sentiment_score"),
)  # fmt: skip
_FIRST_ROW = 400
_STEP = 37


def spoil(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Spoil a few rows in place; return source_table, reason and source_key of each."""
    planted = []
    for number, (name, key, column, text, source, reason) in enumerate(_SPOILED):
        row = _FIRST_ROW + _STEP * number
        table = tables[name]
        # An encounter with one line only: its number names the row.
        while (table[key] == table.at[row, key]).sum() > 1:
            row += 1
        table.at[row, column] = text
        planted.append((source, reason, table.at[row, key]))
    table = tables["enrolments"]
    tables["enrolments"] = pd.concat([table, table.iloc[[90]]], ignore_index=True)
    planted.append(("transactions", "duplicate_key", table.at[90, "enrolment_no"]))
    columns = ["source_table", "reason", "source_key"]
    return pd.DataFrame(planted, columns=columns)
