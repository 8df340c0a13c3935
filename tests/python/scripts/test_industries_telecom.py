"""The made-up operator keeps its promises: bytes, size, shares, consent, conditions."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scripts.industries import telecom_design as design
from scripts.industries.__main__ import COMMITTED_SEED, write_company
from scripts.industries.company import Company
from scripts.industries.telecom import make_company

PROJECT = Path(__file__).resolve().parents[3]
MOST_BYTES = 1_600_000
MOST_KEY_BYTES = 150_000
MOST_LINES = 40_000


@pytest.fixture(scope="module")
def company() -> Company:
    return make_company(COMMITTED_SEED)


def test_the_committed_files_are_what_the_seed_gives(tmp_path):
    write_company("telecom", COMMITTED_SEED, tmp_path / "seeds", tmp_path / "key")
    folders = {
        tmp_path / "seeds": PROJECT / "seeds/telecom",
        tmp_path / "key": PROJECT / "tests/fixtures/telecom",
    }
    for written, committed in folders.items():
        names = sorted(path.name for path in committed.glob("*.csv"))
        assert names == sorted(path.name for path in written.iterdir())
        for name in names:
            assert (written / name).read_bytes() == (committed / name).read_bytes()


def test_another_seed_is_another_company(company):
    other = make_company(2)
    assert not other.tables["bill_lines"].equals(company.tables["bill_lines"])


def test_files_are_small(company):
    for folder, most in (
        ("seeds/telecom", MOST_BYTES),
        ("tests/fixtures/telecom", MOST_KEY_BYTES),
    ):
        sizes = [path.stat().st_size for path in (PROJECT / folder).glob("*.csv")]
        assert 0 < sum(sizes) <= most
    assert len(company.tables["bill_lines"]) <= MOST_LINES


def test_no_value_needs_quotes(company):
    for table in company.tables.values():
        for column in table:
            assert not table[column].astype(str).str.contains('[,"\n]').any()


def test_segments_have_their_shares(company):
    people = company.answer_key["people"]
    for column, names, shares in (
        ("segment", design.SEGMENTS, design.SEGMENT_SHARES),
        ("device_segment", design.DEVICE_SEGMENTS, design.DEVICE_SHARES),
    ):
        found = people[column].value_counts(normalize=True).reindex(names)
        assert found.to_numpy() == pytest.approx(shares, abs=0.04)


def test_plans_are_taken_as_planted(company):
    """Of who of a segment took a plan first, so many took this one."""
    lines = company.tables["bill_lines"].merge(
        company.answer_key["people"], left_on="subscriber_id", right_on="customer_id"
    )
    plans = {plan.item: plan.product_type for plan in design.PLANS}
    taken = lines[lines["item"].isin(plans)].sort_values(["subscriber_id", "run"])
    first = taken.drop_duplicates("subscriber_id")
    # Plans that need no condition, whose first choice nothing distorts.
    free = ["LIG", "TLK", "MED", "LAR", "FAM", "INT", "NEI", "WOR", "STR", "COV"]
    preferences = pd.DataFrame(
        design.PREFERENCES, design.SEGMENTS, [plan.item for plan in design.PLANS]
    )[free]
    preferences = preferences.div(preferences.sum(axis=1), axis=0)
    chosen = first[first["item"].isin(free)]
    found = pd.crosstab(chosen["segment"], chosen["item"], normalize="index")
    found = found.reindex(preferences.index).reindex(columns=free, fill_value=0)
    assert np.abs(found.to_numpy() - preferences.to_numpy()).max() < 0.12


def test_nobody_took_a_plan_against_its_conditions(company):
    people = company.tables["subscribers"].drop_duplicates("subscriber_id")
    ages = people.set_index("subscriber_id")["age_years"].astype(int)
    lines = company.tables["bill_lines"]
    young = lines.loc[lines["item"] == "YOU", "subscriber_id"].unique()
    assert len(young) > 5
    assert (ages[young] <= design.YOUTH_MOST_AGE).all()
    devices = company.tables["devices"].sort_values("first_seen_on")
    network = devices.groupby("subscriber_id")["fastest_network"].last()
    fast = lines.loc[lines["item"].isin(["UNL", "GAM"]), "subscriber_id"].unique()
    assert (network.reindex(fast).dropna() == "5G").all()


def test_who_leaves_is_billed_no_more(company):
    contracts = company.tables["contracts"]
    left = contracts[contracts["ended_by"] == "left"].set_index("subscriber_id")
    lines = company.tables["bill_lines"]
    # The dirty lines have items that no catalogue has.
    lines = lines[lines["item"].isin(company.tables["catalogue"]["item"])]
    last = lines[lines["subscriber_id"].isin(left.index)].groupby("subscriber_id")
    last_run = last["run"].max().str[1:].astype(int)
    months = left["ends_on"].str[5:7].astype(int)
    assert (last_run == months.reindex(last_run.index)).all()
    assert 0.15 < len(left) / (contracts["ended_by"] != "").sum() < 0.3


def test_reviews_come_before_the_contract_ends(company):
    """An attribute seen after the outcome would tell of it."""
    reviews = company.tables["renewal_reviews"].set_index("subscriber_id")
    contracts = company.tables["contracts"]
    ended = contracts[contracts["ended_by"].isin(["left", "renewed"])]
    ended = ended[ended["ends_on"].str.match(r"\d{4}-")].set_index("subscriber_id")
    both = reviews.join(ended, how="inner")
    assert len(both) > 400
    assert (both["reviewed_on"] < both["ends_on"]).all()
    # Both those who left and those who stayed were reviewed, and alike.
    known = both["ended_by"].value_counts() / ended["ended_by"].value_counts()
    assert known.max() - known.min() < 0.08


def test_without_consent_to_traffic_data_there_is_nothing_but_the_contract(company):
    people = company.tables["subscribers"]
    refused = people.loc[people["traffic_data_consent"] == "no", "subscriber_id"]
    assert len(refused) > 20
    for name in ("devices", "renewal_reviews", "service_contacts", "app_sessions"):
        assert not company.tables[name]["subscriber_id"].isin(refused).any()
