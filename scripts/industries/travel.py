"""The made-up tour operator of the connector `travel`: its systems and answer key."""

import re
from decimal import Decimal

import numpy as np
import pandas as pd

from scripts.industries.company import Company
from scripts.industries.travel_design import (
    AS_OF,
    ATTITUDES,
    EXTRAS,
    FIRST_DAY,
    PACKAGES,
    PAGES,
    PREFERENCES,
    QUESTIONS,
    SCALES,
)
from scripts.industries.travel_dirty import add_dirty_rows
from scripts.industries.travel_trips import (
    Guest,
    draw_bookings,
    draw_extras,
    draw_guests,
    plan_trips,
)

REGIONS = ("North", "East", "South", "West")
_RESPONSE_SHARE = 0.72
_UNKNOWN_GUESTS = 90
_AMOUNT = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-(0\d|1[0-2])-\d{2}")


def make_company(seed: int) -> Company:
    """Draw the company, the same for the same seed."""
    generator = np.random.default_rng(seed)
    guests = draw_guests(generator)
    travellers = [guest for guest in guests if guest.habit != "prospect"]
    bookings = _draw_all_bookings(travellers, generator)
    segments = {guest.guest_id: guest.segment for guest in guests}
    extras = draw_extras(bookings, segments, generator)
    contacts, refunds = _draw_contacts(travellers, bookings, generator)
    tables = {
        "guests": _write_guests(guests, bookings, generator),
        "packages": _write_catalogue(),
        "bookings": _write_bookings(bookings),
        "extras": _write_extras(extras),
        "cancellation_fees": _write_fees(bookings),
        "refunds": refunds,
        "visits": _draw_visits(guests, bookings, generator),
        "service_contacts": contacts,
        "survey_answers": _draw_survey(guests, generator),
    }
    dirty_rows = add_dirty_rows(tables)
    tables["finance_ledger"] = _book(tables, dirty_rows)
    return Company(
        tables=tables,
        answer_key={
            "people": _write_people(guests, bookings),
            "preferences": _write_preferences(),
            "dirty_rows": dirty_rows,
        },
    )


def _text(number: int | float) -> str:
    """Cents as an amount."""
    return f"{number / 100:.2f}"


def _draw_all_bookings(
    guests: list[Guest], generator: np.random.Generator
) -> pd.DataFrame:
    rows = []
    for guest in guests:
        rows += draw_bookings(guest, plan_trips(guest, generator), generator)
    table = pd.DataFrame(rows)
    # Agencies book groups whose guests are not known by name.
    taken = table.index[table["status"] == "taken"].to_numpy()
    unknown = table.loc[generator.choice(taken, _UNKNOWN_GUESTS, replace=False)]
    table = pd.concat([table, unknown.assign(guest_id="", channel="agency")])
    table = table.sort_values(["departs_on", "guest_id"], kind="stable")
    table = table.reset_index(drop=True)
    # Whatever was drawn, the day before the as-of date has a trip.
    last = table.index[table["status"] == "taken"][-1]
    table.loc[last, "departs_on"] = AS_OF - 1
    table["booking_id"] = [f"B{number + 1:05d}" for number in range(len(table))]
    table["departs_on"] = table["departs_on"].astype("datetime64[s]")
    table["booked_on"] = table["booked_on"].astype("datetime64[s]")
    table["cancelled_on"] = pd.to_datetime(table["cancelled_on"])
    return table


def _days(dates: pd.Series) -> pd.Series:
    return dates.dt.strftime("%Y-%m-%d").fillna("")


def _package_ids() -> dict[tuple[str, int], str]:
    keys = [
        (name, place)
        for name, package in PACKAGES.items()
        for place in range(len(package.places))
    ]
    return {key: f"P{number + 1:02d}" for number, key in enumerate(keys)}


def _extra_ids() -> dict[str, str]:
    return {name: f"E{number + 1:02d}" for number, name in enumerate(EXTRAS)}


def _write_catalogue() -> pd.DataFrame:
    rows = []
    for (name, place), product_id in _package_ids().items():
        package = PACKAGES[name]
        rows.append(
            {
                "product_id": product_id,
                "product_name": f"{name} {package.places[place]}",
                "department": package.department,
                "category": package.category,
                "product_type": name,
                "offer_type": "travel_package",
                "unit_price": f"{package.price:.2f}",
                "unit_cost": "",
                "is_active": "yes",
            }
        )
    for name, product_id in _extra_ids().items():
        rows.append(
            {
                "product_id": product_id,
                "product_name": name,
                "department": "Extras",
                "category": "Extras",
                "product_type": name,
                "offer_type": "product",
                "unit_price": f"{EXTRAS[name]:.2f}",
                "unit_cost": f"{0.6 * EXTRAS[name]:.2f}",
                "is_active": "yes",
            }
        )
    rows.append(
        {
            "product_id": "F01",
            "product_name": "Cancellation fee",
            "department": "Fees",
            "category": "Fees",
            "product_type": "Cancellation fee",
            "offer_type": "product",
            "unit_price": "",
            "unit_cost": "0.00",
            "is_active": "yes",
        }
    )
    return pd.DataFrame(rows)


def _write_bookings(bookings: pd.DataFrame) -> pd.DataFrame:
    ids = _package_ids()
    return pd.DataFrame(
        {
            "booking_id": bookings["booking_id"],
            "guest_id": bookings["guest_id"],
            "product_id": [
                ids[key]
                for key in zip(bookings["product_type"], bookings["place"], strict=True)
            ],
            "booked_on": _days(bookings["booked_on"]),
            "departs_on": _days(bookings["departs_on"]),
            "nights": bookings["nights"].astype(str),
            "adults": bookings["adults"].astype(str),
            "children": bookings["children"].astype(str),
            "channel": bookings["channel"],
            "deposit_kind": bookings["deposit_kind"],
            "earlier_cancellations": bookings["earlier_cancellations"].astype(str),
            "status": bookings["status"],
            "cancelled_on": _days(bookings["cancelled_on"]),
            "price": bookings["price"].map(_text),
            "discount": bookings["discount"].map(_text),
            "paid": (bookings["price"] - bookings["discount"]).map(_text),
            "cost": bookings["cost"].map(_text),
        }
    )


def _write_extras(extras: pd.DataFrame) -> pd.DataFrame:
    ids = _extra_ids()
    return pd.DataFrame(
        {
            "booking_id": extras["booking_id"],
            "product_id": extras["product_type"].map(ids),
            "quantity": extras["quantity"].astype(str),
            "amount": extras["amount"].map(_text),
        }
    )


def _write_fees(bookings: pd.DataFrame) -> pd.DataFrame:
    """What a cancellation costs: more the later, nothing early without a deposit."""
    gone = bookings[bookings["status"] == "cancelled"]
    days = (gone["departs_on"] - gone["cancelled_on"]).dt.days
    share = np.select([days > 60, days > 30], [0.2, 0.4], 0.6)
    is_free = (gone["deposit_kind"] == "no") & (days > 30)
    share = np.where(gone["deposit_kind"] == "non-refundable", 0.9, share)
    amount = np.round((gone["price"] - gone["discount"]) * share).astype(int)
    fees = pd.DataFrame(
        {
            "booking_id": gone["booking_id"],
            "guest_id": gone["guest_id"],
            "charged_on": _days(gone["cancelled_on"]),
            "amount": amount.map(_text),
        }
    )
    return fees[~is_free].reset_index(drop=True)


def _write_guests(
    guests: list[Guest], bookings: pd.DataFrame, generator: np.random.Generator
) -> pd.DataFrame:
    first = bookings.groupby("guest_id")["booked_on"].min()
    late = generator.integers(500, 1430, len(guests))
    consents = generator.choice(["yes", "no", ""], len(guests), p=[0.68, 0.24, 0.08])
    regions = generator.choice(REGIONS, len(guests))
    rows = []
    for place, guest in enumerate(guests):
        registered = first.get(guest.guest_id)
        if registered is None:
            registered = pd.Timestamp(FIRST_DAY + int(late[place]))
        rows.append(
            {
                "guest_id": guest.guest_id,
                "registered_on": f"{registered:%Y-%m-%d}",
                "country": "AT",
                "region": str(regions[place]),
                "consent": str(consents[place]),
                "age_years": guest.age,
                "travel_party": guest.party,
            }
        )
    return pd.DataFrame(rows)


def _draw_contacts(
    guests: list[Guest], bookings: pd.DataFrame, generator: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contacts with service after trips; who stopped often complained of the last."""
    habits = {guest.guest_id: guest.habit for guest in guests}
    trips = bookings[(bookings["status"] == "taken") & (bookings["guest_id"] != "")]
    is_last = ~trips.duplicated("guest_id", keep="last")
    contacts, refunds = [], []
    for trip, last in zip(trips.itertuples(), is_last, strict=True):
        is_end = last and habits[trip.guest_id] == "stopped"
        draw = generator.random()
        if draw > (0.9 if is_end else 0.14):
            continue
        is_complaint = draw < (0.85 if is_end else 0.04)
        tone = (
            generator.normal(-0.6, 0.15) if is_complaint else generator.normal(0.3, 0.2)
        )
        after = int(generator.integers(2, 30))
        on = trip.departs_on + pd.Timedelta(days=after)
        if on >= pd.Timestamp(AS_OF):
            continue
        contacts.append(
            {
                "contact_id": f"S{len(contacts) + 1:04d}",
                "guest_id": trip.guest_id,
                "contacted_at": f"{on:%Y-%m-%d}T{9 + after % 9:02d}:{after:02d}:00Z",
                "channel": "phone" if after % 2 else "email",
                "kind": "complaint" if is_complaint else "question",
                "tone": f"{np.clip(tone, -1, 1):.2f}",
            }
        )
        if is_complaint and generator.random() < 0.5:
            share = generator.uniform(0.05, 0.2)
            paid = (trip.price - trip.discount) * share
            refunds.append(
                {
                    "refund_id": f"R{len(refunds) + 1:04d}",
                    "booking_id": trip.booking_id,
                    "guest_id": trip.guest_id,
                    "refunded_on": f"{on:%Y-%m-%d}",
                    "amount": _text(-round(paid)),
                }
            )
    return pd.DataFrame(contacts), pd.DataFrame(refunds)


def _draw_visits(
    guests: list[Guest], bookings: pd.DataFrame, generator: np.random.Generator
) -> pd.DataFrame:
    """Visits to the website and the app, before bookings and in between."""
    booked = {
        guest_id: group["booked_on"].to_numpy()
        for guest_id, group in bookings.groupby("guest_id")
    }
    rows = []
    for guest in guests:
        days = list(booked.get(guest.guest_id, []))
        start = min(days) if days else np.datetime64("2024-06-01", "s")
        end = AS_OF
        if guest.habit == "stopped" and days:
            end = max(days) + np.timedelta64(200, "D")
        length = int((end - start).astype("timedelta64[D]").astype(int))
        idle = generator.poisson(max(length, 1) / 900)
        at = [
            start + np.timedelta64(int(day), "D")
            for day in generator.integers(0, max(length, 1), idle)
        ]
        at += [
            day - np.timedelta64(int(generator.integers(0, 12)), "D")
            for day in days
            if generator.random() < 0.6
        ]
        app = generator.beta(0.8, 1.6)
        phone = "ios" if generator.random() < 0.45 else "android"
        for day in sorted(at):
            if not FIRST_DAY <= day < AS_OF:
                continue
            is_app = generator.random() < app
            is_phone = is_app or generator.random() < 0.4
            minute = int(generator.integers(7 * 60, 22 * 60))
            rows.append(
                {
                    "visit_id": f"V{len(rows) + 1:05d}",
                    "guest_id": guest.guest_id,
                    "started_at": f"{pd.Timestamp(day):%Y-%m-%d}"
                    f"T{minute // 60:02d}:{minute % 60:02d}:00Z",
                    "channel": "app" if is_app else "web",
                    "device_type": "phone" if is_phone else "desktop",
                    "operating_system": phone if is_phone else "windows",
                    "seconds": str(int(generator.lognormal(5.3, 0.6))),
                    "pages": str(int(1 + generator.poisson(PAGES[guest.segment]))),
                }
            )
    return pd.DataFrame(rows)


def _draw_survey(guests: list[Guest], generator: np.random.Generator) -> pd.DataFrame:
    """Answers from 1 to 7 that follow the attitudes of the segment."""
    rows = []
    for guest in guests:
        if generator.random() > _RESPONSE_SHARE:
            continue
        means = np.array(ATTITUDES[guest.segment])
        attitudes = means + 0.45 * generator.standard_normal(len(SCALES))
        answers = {}
        for question, scale, is_reversed in QUESTIONS:
            sign = -1 if is_reversed else 1
            level = sign * attitudes[SCALES.index(scale)] + 0.7 * generator.normal()
            answers[question] = str(int(np.clip(np.rint(4 + 1.2 * level), 1, 7)))
        day = int(generator.integers(0, 60))
        on = np.datetime64("2025-08-20") + day
        rows.append({"guest_id": guest.guest_id, "answered_on": str(on), **answers})
    return pd.DataFrame(rows)


def _write_people(guests: list[Guest], bookings: pd.DataFrame) -> pd.DataFrame:
    latest = bookings[bookings["guest_id"] != ""]
    latest = latest.drop_duplicates("guest_id", keep="last").set_index("guest_id")
    rows = []
    for guest in guests:
        row = {
            "customer_id": guest.guest_id,
            "segment": guest.segment,
            "suitable": "|".join(guest.suitable),
            "story": guest.story,
            "season": guest.season,
            "cancellation_probability": "",
            "is_open": "",
        }
        if guest.guest_id in latest.index:
            booking = latest.loc[guest.guest_id]
            row["cancellation_probability"] = f"{booking['probability']:.4f}"
            row["is_open"] = "1" if booking["is_open"] else "0"
        rows.append(row)
    return pd.DataFrame(rows)


def _write_preferences() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"segment": segment, "product_type": name, "probability": str(share)}
            for segment, shares in PREFERENCES.items()
            for name, share in zip(PACKAGES, shares, strict=True)
        ]
    )


def _book(tables: dict[str, pd.DataFrame], dirty_rows: pd.DataFrame) -> pd.DataFrame:
    """What finance books of a month: all that has an amount, and nothing twice."""
    bookings = tables["bookings"]
    trips = bookings[bookings["status"] == "taken"].drop_duplicates()
    departures = trips.drop_duplicates("booking_id").set_index("booking_id")
    extras = tables["extras"].drop_duplicates()
    entries = [
        (trips["departs_on"], trips["paid"]),
        (extras["booking_id"].map(departures["departs_on"]), extras["amount"]),
    ]
    for name, day in (("cancellation_fees", "charged_on"), ("refunds", "refunded_on")):
        rows = tables[name].drop_duplicates()
        entries.append((rows[day], rows["amount"]))
    months: dict[str, Decimal] = {}
    for days, amounts in entries:
        for day, amount in zip(days.fillna(""), amounts, strict=True):
            if _AMOUNT.fullmatch(amount):
                month = f"{day[:7]}-01" if _DAY.fullmatch(day) else ""
                months[month] = months.get(month, Decimal(0)) + Decimal(amount)
    return pd.DataFrame(
        [
            {"month_on": month, "net_revenue_amount": f"{amount:.2f}"}
            for month, amount in sorted(months.items())
        ]
    )
