"""Alder Bank keeps its promises: bytes, size, money, who it suits, who goes dormant."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from scripts.industries.__main__ import COMMITTED_SEED, PROJECT, write_company
from scripts.industries.banking import make_company
from scripts.industries.banking_design import (
    DORMANT_SHARE,
    FADING_DAYS,
    KINDS,
    MERCHANTS,
    PLANS,
)
from scripts.industries.company import Company

SEEDS = PROJECT / "seeds/banking"
ANSWER_KEY = PROJECT / "tests/fixtures/banking"
MOST_BYTES = 1_600_000
MOST_KEY_BYTES = 150_000


@pytest.fixture(scope="module")
def company() -> Company:
    return make_company(COMMITTED_SEED)


def test_the_same_seed_gives_the_committed_bytes(tmp_path):
    write_company("banking", COMMITTED_SEED, tmp_path / "seeds", tmp_path / "key")
    for folder, committed in (("seeds", SEEDS), ("key", ANSWER_KEY)):
        written = {
            path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()
        }
        there = {path.name: path.read_bytes() for path in committed.glob("*.csv")}
        assert written == there


def test_another_seed_gives_another_bank(company):
    other = make_company(COMMITTED_SEED + 1)
    assert not company.tables["card_payments"].equals(other.tables["card_payments"])


def test_it_is_small():
    assert sum(path.stat().st_size for path in SEEDS.glob("*.csv")) <= MOST_BYTES
    assert sum(path.stat().st_size for path in ANSWER_KEY.iterdir()) <= MOST_KEY_BYTES


def test_no_value_holds_what_would_have_to_be_quoted(company):
    for table in [*company.tables.values(), *company.answer_key.values()]:
        texts = table.astype(str).to_numpy().ravel()
        spoilt = [text for text in texts if "," in text or '"' in text]
        # Dirty on purpose.
        assert set(spoilt) <= {"0,14"}


def test_kinds_have_their_shares_and_their_merchants(company):
    people = company.answer_key["people"]
    shares = people["segment"].value_counts(normalize=True)
    accounts = company.tables["accounts"].set_index("account_id")["customer_id"]
    payments = company.tables["card_payments"]
    kind_of = people.set_index("customer_id")["segment"]
    paid = kind_of.reindex(payments["account_id"].map(accounts)).to_numpy()
    categories = payments["merchant_code"].map({m.code: m.category for m in MERCHANTS})
    mix = pd.crosstab(paid, categories.to_numpy(), normalize="index")
    for kind in KINDS:
        assert shares[kind.name] == pytest.approx(kind.share, abs=0.05)
    assert mix["travel"].idxmax() == "travellers"
    assert mix["digital"].idxmax() == "digital_natives"
    assert mix["cash"].idxmax() == "savers"
    assert mix["leisure"].idxmax() == "investors"
    assert mix["daily life"].idxmax() == "everyday_spenders"


def test_plans_were_taken_by_preference_and_suit_who_took_them(company):
    held = company.tables["plans_held"]
    held = held[held["entry_fee"] != "waived"]
    types = {plan.plan_id: plan for plan in PLANS}
    people = company.tables["customers"].set_index("customer_id")
    answers = company.tables["questionnaires"].set_index("customer_id")
    kind_of = company.answer_key["people"].set_index("customer_id")["segment"]
    for row in held.itertuples():
        plan = types[row.plan_id]
        assert int(people.at[row.customer_id, "age_years"]) >= 18
        if plan.risk_tolerances:
            assert answers.at[row.customer_id, "risk_tolerance"] in plan.risk_tolerances
    counts = held.groupby("customer_id").size()
    assert counts.between(1, 3).all()
    takers = pd.crosstab(
        kind_of.reindex(held["customer_id"]).to_numpy(),
        held["plan_id"].map(lambda plan: types[plan].product_type).to_numpy(),
    ).div(kind_of.value_counts(), axis=0)
    for plan in PLANS:
        keenest = max(KINDS, key=lambda kind: kind.plans[plan.product_type])
        assert takers[plan.product_type].idxmax() == keenest.name


def test_preferences_are_probabilities(company):
    preferences = company.answer_key["preferences"].astype({"probability": float})
    totals = preferences.groupby("segment")["probability"].sum()
    assert totals.to_numpy() == pytest.approx(np.ones(len(KINDS)), abs=0.011)
    assert len(preferences) == len(KINDS) * len(PLANS)


def test_nobody_is_suited_who_did_not_agree_or_is_no_grown_up(company):
    customers = company.tables["customers"].drop_duplicates("customer_id")
    people = company.answer_key["people"].merge(customers, on="customer_id")
    barred = (people["marketing_consent"] != "true") | (
        people["age_years"].astype(int) < 18
    )
    assert 0.1 < barred.mean() < 0.4
    assert (people.loc[barred, "suitable"] == "").all()
    assert (people.loc[~barred, "suitable"] != "").all()


def test_the_dormant_fade_and_fall_silent(company):
    dormant = company.answer_key["dormancy"]
    customers = len(company.answer_key["people"])
    assert len(dormant) / customers == pytest.approx(DORMANT_SHARE, abs=0.03)
    accounts = company.tables["accounts"].set_index("account_id")["customer_id"]
    payments = company.tables["card_payments"]
    payments = payments[payments["payment_id"].str.fullmatch(r"\d+")]
    days = pd.DataFrame(
        {
            "customer_id": payments["account_id"].map(accounts),
            "on": pd.to_datetime(payments["paid_on"]),
        }
    ).merge(dormant, on="customer_id")
    silent = pd.to_datetime(days["silent_from_on"])
    ahead = (silent - days["on"]).dt.days
    assert (ahead > 0).all()
    over = silent <= pd.Timestamp("2025-09-30")
    last = ahead[over & (ahead <= FADING_DAYS)].size
    before = ahead[over & (ahead > FADING_DAYS) & (ahead <= 2 * FADING_DAYS)].size
    assert 0.2 < last / before < 0.7


def test_finance_books_every_readable_cent_once(company):
    tables = company.tables
    total = sum(
        Decimal(amount)
        for name, column in (
            ("card_payments", "interchange"),
            ("transfers", "fee"),
            ("balances", "margin"),
            ("plans_held", "entry_fee"),
        )
        for amount in tables[name].drop_duplicates()[column]
        if amount not in ("", "0,14", "waived")
    )
    ledger = tables["finance_ledger"]["net_revenue_amount"].map(Decimal).sum()
    assert ledger == total
