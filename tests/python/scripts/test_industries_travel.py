"""The tour operator keeps its promises: bytes, size, tastes, suitability, money."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from scripts.industries.__main__ import COMMITTED_SEED, PROJECT, write_company
from scripts.industries.company import Company
from scripts.industries.travel import make_company
from scripts.industries.travel_design import (
    EXTRA_RATES,
    EXTRAS,
    PACKAGES,
    PREFERENCES,
    SEGMENT_SHARES,
    SEGMENTS,
    suitable_types,
)

SEEDS = PROJECT / "seeds/travel"
ANSWER_KEY = PROJECT / "tests/fixtures/travel"
MOST_BYTES = 1_600_000
MOST_KEY_BYTES = 150_000


@pytest.fixture(scope="module")
def company() -> Company:
    return make_company(COMMITTED_SEED)


@pytest.fixture(scope="module")
def trips(company) -> pd.DataFrame:
    """Trips of guests that were taken, with their package type."""
    bookings = company.tables["bookings"].drop_duplicates("booking_id")
    taken = bookings[(bookings["status"] == "taken") & (bookings["guest_id"] != "")]
    packages = company.tables["packages"].set_index("product_id")["product_type"]
    return taken.assign(product_type=taken["product_id"].map(packages))


def test_the_same_seed_gives_the_committed_bytes(tmp_path):
    write_company("travel", COMMITTED_SEED, tmp_path / "seeds", tmp_path / "key")
    for folder, committed in (("seeds", SEEDS), ("key", ANSWER_KEY)):
        written = {
            path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()
        }
        there = {path.name: path.read_bytes() for path in committed.glob("*.csv")}
        assert written == there


def test_another_seed_gives_another_operator(company):
    other = make_company(COMMITTED_SEED + 1)
    assert not company.tables["bookings"].equals(other.tables["bookings"])


def test_it_is_small():
    assert sum(path.stat().st_size for path in SEEDS.glob("*.csv")) <= MOST_BYTES
    assert sum(path.stat().st_size for path in ANSWER_KEY.iterdir()) <= MOST_KEY_BYTES


def test_no_value_has_to_be_quoted(company):
    for table in [*company.tables.values(), *company.answer_key.values()]:
        texts = table.astype(str).to_numpy().ravel()
        assert not [text for text in texts if "," in text or '"' in text]


def test_preferences_are_shares():
    for shares in PREFERENCES.values():
        assert len(shares) == len(PACKAGES)
        assert sum(shares) == pytest.approx(1)


def test_segments_have_their_shares(company):
    found = company.answer_key["people"]["segment"].value_counts(normalize=True)
    for segment, share in zip(SEGMENTS, SEGMENT_SHARES, strict=True):
        assert found[segment] == pytest.approx(share, abs=0.05)


def test_first_trips_follow_the_preferences_of_who_may_take_all(company, trips):
    people = company.answer_key["people"].set_index("customer_id")
    first = trips.sort_values("departs_on").drop_duplicates("guest_id")
    first = first.set_index("guest_id")["product_type"]
    for segment, shares in PREFERENCES.items():
        members = people.index[people["segment"] == segment].intersection(first.index)
        suitable = people.loc[members, "suitable"].str.split("|")
        wanted = pd.Series(dict(zip(PACKAGES, shares, strict=True)))
        expected = pd.Series(0.0, index=list(PACKAGES))
        for names in suitable:
            expected[names] += wanted[names] / wanted[names].sum()
        expected /= len(members)
        found = first[members].value_counts(normalize=True)
        found = found.reindex(expected.index, fill_value=0)
        assert (found - expected).abs().max() < 0.12, segment


def test_nobody_went_where_they_may_not_be_offered_to_go(company, trips):
    suitable = company.answer_key["people"].set_index("customer_id")["suitable"]
    for trip in trips.itertuples():
        assert trip.product_type in suitable[trip.guest_id].split("|")


def test_suitability_is_what_the_rules_of_offers_say():
    assert "Camper van" not in suitable_types("alone", "24")
    assert "Camper van" in suitable_types("alone", "25")
    assert "Wine tour" not in suitable_types("alone", "")
    assert "Family club" not in suitable_types("", "40")
    assert "Quiet beach" not in suitable_types("with family", "40")
    assert "Quiet beach" in suitable_types("", "40")


def test_extras_tell_of_the_segment(company, trips):
    people = company.answer_key["people"].set_index("customer_id")["segment"]
    names = company.tables["packages"].set_index("product_id")["product_type"]
    extras = company.tables["extras"].merge(trips[["booking_id", "guest_id"]])
    counts = pd.crosstab(
        extras["guest_id"].map(people), extras["product_id"].map(names)
    )
    for segment, rates in EXTRA_RATES.items():
        best = list(EXTRAS)[int(np.argmax(rates))]
        assert counts[best].idxmax() == segment


def test_ski_is_in_winter(trips):
    months = pd.to_datetime(trips["departs_on"]).dt.month
    assert set(months[trips["product_type"] == "Ski week"]) <= {12, 1, 2}


def test_stories_are_what_the_bookings_tell(company, trips):
    people = company.answer_key["people"].set_index("customer_id")
    days = pd.to_datetime(trips["departs_on"])
    seasons = days.dt.year * 4 + (days.dt.month % 12) // 3 + (days.dt.month == 12) * 4
    visited = seasons.groupby(trips["guest_id"]).agg(set)
    faithful = people.index[people["story"] == "faithful"]
    assert len(faithful) > 200
    for guest in faithful:
        years = sorted(visited[guest])
        assert len({season % 4 for season in years}) == 1
        assert np.diff(years).tolist() == [4] * (len(years) - 1)
        # The last one of their season before December 2025.
        assert years[-1] > 2025 * 4 + 3 - 4
    for guest in people.index[people["story"] == "stopped"]:
        assert max(visited[guest]) <= 2025 * 4 + 3 - 4


def test_cancellations_follow_the_planted_odds(company):
    people = company.answer_key["people"].set_index("customer_id")
    bookings = company.tables["bookings"]
    latest = bookings[bookings["guest_id"] != ""].drop_duplicates("booking_id")
    latest = latest.sort_values(["departs_on", "booking_id"])
    latest = latest.drop_duplicates("guest_id", keep="last").set_index("guest_id")
    planted = people["cancellation_probability"].reindex(latest.index).astype(float)
    is_open = latest["status"] == "open"
    assert (is_open.astype(int).astype(str) == people["is_open"][latest.index]).all()
    decided = latest[~is_open]
    cancelled = decided["status"] == "cancelled"
    assert roc_auc_score(cancelled, planted[decided.index]) > 0.75
    assert planted[decided.index].mean() == pytest.approx(cancelled.mean(), abs=0.04)
    # A deposit that is lost keeps people to their word, but gives nothing away.
    rate = cancelled.groupby(decided["deposit_kind"]).mean()
    assert rate["non-refundable"] < rate["refundable"] < rate["no"] < 0.6


def test_finance_books_what_the_systems_hold(company):
    bookings = company.tables["bookings"]
    taken = bookings[bookings["status"] == "taken"]
    amounts = [taken.drop_duplicates()["paid"]]
    amounts += [
        company.tables[name].drop_duplicates()["amount"]
        for name in ("extras", "cancellation_fees", "refunds")
    ]
    cents = pd.to_numeric(pd.concat(amounts), errors="coerce").dropna()
    booked = company.tables["finance_ledger"]["net_revenue_amount"].map(Decimal).sum()
    assert float(booked) == pytest.approx(cents.sum(), abs=0.005)
