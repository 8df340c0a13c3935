"""Rows of the made-up tour operator that must be refused, each with its reason."""

import pandas as pd

KEY_COLUMNS = ["source_table", "source_key", "reason"]


def _copy_of(table: pd.DataFrame, position: int, **changes: str) -> dict:
    return {**table.iloc[position].to_dict(), **changes}


def _add(tables: dict[str, pd.DataFrame], name: str, rows: list[dict]) -> None:
    tables[name] = pd.concat(
        [tables[name], pd.DataFrame(rows, columns=tables[name].columns)],
        ignore_index=True,
    )


def add_dirty_rows(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Add rows to the raw tables; returns table, key and reason of each."""
    key = [
        *_dirty_money(tables),
        *_dirty_guests(tables),
        *_dirty_touches(tables),
    ]
    return pd.DataFrame(key, columns=KEY_COLUMNS)


def _dirty_money(tables: dict[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    bookings, extras = tables["bookings"], tables["extras"]
    taken = bookings[bookings["status"] == "taken"].reset_index(drop=True)
    blank = {"guest_id": ""}  # so that no guest loses or gains a trip
    rows = [
        _copy_of(taken, 700, booking_id="X0001", paid="1240 EUR", **blank),
        _copy_of(taken, 800, booking_id="X0002", paid="1.00", **blank),
        _copy_of(taken, 900, booking_id="X0003", departs_on="end of May", **blank),
        _copy_of(taken, 1000, booking_id="X0004", departs_on="", **blank),
        _copy_of(taken, 1100, booking_id="X0005", departs_on="2031-05-02", **blank),
        _copy_of(taken, 1200, booking_id="X0006", nights="a week", **blank),
        _copy_of(taken, 1300, booking_id="X0007", paid="", **blank),
        _copy_of(taken, 1400, booking_id="", booked_on="2023-01-31", **blank),
        _copy_of(taken, 1500),
    ]
    key = [
        ("transactions", "X0001", "unreadable_net_amount"),
        ("transactions", "X0002", "amounts_do_not_add_up"),
        ("transactions", "X0003", "unreadable_occurred_at"),
        ("transactions", "X0004", "missing_occurred_at"),
        ("transactions", "X0005", "future_date"),
        ("transactions", "X0006", "unreadable_quantity"),
        ("transactions", "X0007", "missing_net_amount"),
        ("transactions", taken.loc[1400, "departs_on"], "missing_key"),
        ("transactions", taken.loc[1500, "booking_id"], "duplicate_key"),
    ]
    _add(tables, "bookings", rows)
    _add(
        tables,
        "extras",
        [
            _copy_of(extras, 300),
            _copy_of(extras, 400, booking_id="X0008"),
            _copy_of(extras, 500, quantity="some", booking_id="X0005"),
        ],
    )
    key += [
        ("transactions", extras.loc[300, "booking_id"], "duplicate_key"),
        ("transactions", "X0008", "missing_occurred_at"),
        ("transactions", "X0005-", "unreadable_quantity"),
    ]
    _add(
        tables,
        "packages",
        [_copy_of(tables["packages"], 3, product_id="P99", unit_price="on request")],
    )
    key.append(("products", "P99", "unreadable_unit_price"))
    return key


def _dirty_guests(tables: dict[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    guests, answers = tables["guests"], tables["survey_answers"]
    nothing = {"age_years": "", "travel_party": ""}
    later = {"registered_on": "2031-01-01", **nothing}
    _add(
        tables,
        "guests",
        [
            _copy_of(guests, 20, guest_id="G9001", registered_on="spring", **nothing),
            _copy_of(guests, 30, guest_id="G9002", **later),
            _copy_of(guests, 40, guest_id="", region="Nowhere", **nothing),
            _copy_of(guests, 50, **nothing),
            _copy_of(guests, 60, guest_id="G9003", consent="perhaps", **nothing),
        ],
    )
    unknown_age = guests.index[guests["age_years"] == ""][0]
    tables["guests"].loc[unknown_age, "age_years"] = "about forty"
    _add(
        tables,
        "survey_answers",
        [
            {**dict.fromkeys(answers.columns, ""), **changes}
            for changes in (
                {"guest_id": "G0007", "answered_on": "", "t01": "5"},
                {"guest_id": "G0007", "answered_on": "2025-09-01", "t02": "often"},
                {"guest_id": "", "answered_on": "2025-09-02", "t03": "4"},
            )
        ],
    )
    return [
        ("customers", "G9001", "unreadable_registered_at"),
        ("customers", "G9002", "future_date"),
        ("customers", "Nowhere", "missing_key"),
        ("customers", guests.loc[50, "guest_id"], "duplicate_key"),
        ("customers", "G9003", "unreadable_marketing_consent"),
        ("customer_attributes", "about forty", "unreadable_value_number"),
        ("survey_responses", "t01", "missing_responded_at"),
        ("survey_responses", "often", "unreadable_answer_number"),
        ("survey_responses", "t03", "missing_key"),
    ]


def _dirty_touches(tables: dict[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    visits, contacts = tables["visits"], tables["service_contacts"]
    _add(
        tables,
        "visits",
        [
            _copy_of(visits, 100),
            _copy_of(visits, 200, visit_id="V90001", seconds="long"),
            _copy_of(visits, 300, visit_id="V90002", started_at="yesterday"),
            _copy_of(visits, 400, visit_id="", pages="999"),
        ],
    )
    _add(
        tables,
        "service_contacts",
        [
            _copy_of(contacts, 10, contact_id="S9001", channel="fax"),
            _copy_of(contacts, 20, contact_id="S9002", tone="angry"),
        ],
    )
    return [
        ("interactions", visits.loc[100, "visit_id"], "duplicate_key"),
        ("interactions", "V90001", "unreadable_duration_seconds"),
        ("interactions", "V90002", "unreadable_occurred_at"),
        ("interactions", "999", "missing_key"),
        ("interactions", "S9001", "unknown_channel"),
        ("interactions", "S9002", "unreadable_sentiment_score"),
    ]
