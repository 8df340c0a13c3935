"""The made-up clinics keep their promises: bytes, shares, no identifiers, money."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from scripts.industries.__main__ import COMMITTED_SEED, write_company
from scripts.industries.company import Company
from scripts.industries.healthcare import make_company
from scripts.industries.healthcare_design import (
    CONDITIONS,
    FORMS,
    HABITS,
    PATIENTS,
    SEGMENT_SHARES,
    SEGMENTS,
    plan_type,
)

PROJECT = Path(__file__).resolve().parents[3]
SEEDS = PROJECT / "seeds/healthcare"
ANSWER_KEY = PROJECT / "tests/fixtures/healthcare"
MOST_BYTES = 1_600_000
MOST_KEY_BYTES = 150_000


@pytest.fixture(scope="module")
def company() -> Company:
    return make_company(COMMITTED_SEED)


@pytest.fixture(scope="module")
def people(company) -> pd.DataFrame:
    return company.answer_key["people"].set_index("customer_id")


def test_the_same_seed_makes_the_committed_bytes(tmp_path):
    write_company("healthcare", COMMITTED_SEED, tmp_path / "seeds", tmp_path / "key")

    for written, committed in (
        (tmp_path / "seeds", SEEDS),
        (tmp_path / "key", ANSWER_KEY),
    ):
        files = {path.name: path.read_bytes() for path in written.glob("*.csv")}
        assert files == {
            path.name: path.read_bytes() for path in committed.glob("*.csv")
        }


def test_another_seed_makes_other_patients(company):
    other = make_company(COMMITTED_SEED + 1).tables["patients"]
    assert not other.equals(company.tables["patients"])


def test_files_are_small():
    assert sum(path.stat().st_size for path in SEEDS.glob("*.csv")) <= MOST_BYTES
    assert (
        sum(path.stat().st_size for path in ANSWER_KEY.glob("*.csv")) <= MOST_KEY_BYTES
    )


def test_values_hold_neither_commas_nor_quotes(company):
    for name, table in company.tables.items():
        text = table.astype(str)
        assert not text.apply(lambda column: column.str.contains('[,"]')).any(
            axis=None
        ), name


def test_no_table_has_a_name_an_address_or_a_date_of_birth(company):
    columns = {column for table in company.tables.values() for column in table.columns}
    words = {word for column in columns for word in column.split("_")}
    assert not words & {"first", "last", "surname", "birth", "email", "street", "phone"}
    assert {name for name in columns if "name" in name} == {"name"}
    with_name = {name for name, table in company.tables.items() if "name" in table}
    assert with_name == {"services", "care_plans"}


def test_segments_have_their_shares(people):
    shares = people["segment"].value_counts(normalize=True)
    assert len(people) == PATIENTS
    for segment, planted in zip(SEGMENTS, SEGMENT_SHARES, strict=True):
        # Four standard errors of a share of so many patients.
        assert abs(shares[segment] - planted) < 4 * np.sqrt(planted / PATIENTS)


def test_segments_miss_appointments_as_planted(company, people):
    past = company.tables["appointments"]
    past = past[past["status"] != "cancelled"]
    segment = past["patient_no"].map(people["segment"])
    missed = (past["status"] == "missed").groupby(segment).mean()
    for name, planted in zip(SEGMENTS, HABITS.missed_share, strict=True):
        # The latest appointment is missed by its own logits, some 20 in a hundred.
        assert abs(missed[name] - planted) < 0.10
    assert missed["needs_support"] > 2 * missed["digital"]


def test_segments_take_their_medicines_as_planted(company, people):
    fills = company.tables["dispensary_fills"]
    fills = fills[
        (fills["article"] == "LM") & (fills["days_of_supply"] != "three weeks")
    ]
    days = fills["days_of_supply"].astype(int).groupby(fills["patient_no"]).sum()
    early = company.tables["patients"].set_index("patient_no")["registered_on"]
    days = days[early.reindex(days.index) < "2024-07-01"] / 549
    mean = days.groupby(people["segment"]).median()
    for name, planted in zip(SEGMENTS, HABITS.adherence, strict=True):
        assert abs(mean[name] - planted) < 0.12


def test_plans_are_taken_of_own_conditions_alone_and_by_preference(company, people):
    tables = company.tables
    plans = tables["care_plans"].set_index("plan_id")["plan_type"]
    groups = tables["icd10_groups"].set_index("icd10_group")["condition_group"]
    has = set(
        zip(
            tables["problems"]["patient_no"],
            tables["problems"]["icd10_group"].map(groups).str.replace("_", " "),
            strict=True,
        )
    )
    taken = tables["enrolments"].drop_duplicates("enrolment_no")
    kind = taken["plan_id"].map(plans)
    group, form = kind.str.partition(": ")[0], kind.str.partition(": ")[2]
    assert set(zip(taken["patient_no"], group, strict=True)) <= has
    segment = taken["patient_no"].map(people["segment"])
    for place, name in enumerate(SEGMENTS):
        shares = form[segment == name].value_counts(normalize=True)
        for which, (by, _, _) in FORMS.items():
            assert abs(shares[which] - by[place]) < 0.08


def test_preferences_are_probabilities(company):
    preferences = company.answer_key["preferences"]
    totals = preferences.groupby("segment")["probability"].sum()
    assert np.allclose(totals, 1, atol=0.002)
    types = {plan_type(group, form) for group in CONDITIONS for form in FORMS}
    assert set(preferences["product_type"]) == types


def test_only_who_agreed_and_is_of_age_may_be_offered_a_plan(company, people):
    patients = company.tables["patients"].set_index("patient_no")
    barred = patients[(patients["consent"] == "no") | (patients["age_band"] == "12-17")]
    assert (people.loc[barred.index, "suitable_groups"] == "").all()
    assert (people["suitable_groups"] != "").sum() > 600


@pytest.mark.parametrize(
    ("outcome", "table", "status"),
    [
        ("missed_appointment", "appointment_book", "missed"),
        ("readmitted", "discharges", "readmitted"),
    ],
)
def test_outcomes_follow_their_planted_probabilities(company, outcome, table, status):
    key = company.answer_key["outcomes"]
    key = key[key["outcome"] == outcome].set_index("customer_id")
    raw = company.tables[table].set_index("patient_no")["status"]
    assert (key["is_open"].eq("true") == raw.reindex(key.index).eq("open")).all()
    closed = key[key["is_open"] == "false"]
    came = raw.reindex(closed.index) == status
    planted = closed["probability"].astype(float)
    error = np.sqrt((planted * (1 - planted)).sum()) / len(closed)
    assert abs(came.mean() - planted.mean()) < 3 * error
    assert roc_auc_score(came, planted) > 0.75
    assert came.sum() >= 60


def test_what_is_known_of_an_outcome_was_known_before_it(company):
    book = company.tables["appointment_book"]
    letters = company.tables["discharges"]
    assert (book["booked_at"] < book["planned_at"]).all()
    back = letters[letters["readmitted_at"] != ""]
    assert (back["discharged_at"] < back["readmitted_at"]).all()
    # One patient has both: what is known of one was known before the other, too.
    both = letters.merge(book, on="patient_no")
    assert len(both) > 250
    assert (both["discharged_at"] < both["planned_at"]).all()
    returned = both[both["readmitted_at"] != ""]
    assert (returned["booked_at"] < returned["readmitted_at"]).all()


def test_finance_books_every_readable_line_once(company):
    lines = []
    for name, key, moment, amount in (
        ("billing_lines", ["encounter_no", "service"], "billed_at", "amount"),
        ("dispensary_fills", ["fill_no"], "filled_at", "copayment"),
        ("enrolments", ["enrolment_no"], "enrolled_at", "fee"),
    ):
        for row in company.tables[name].drop_duplicates(key).itertuples():
            text = getattr(row, amount)
            if text != "on invoice":
                lines.append((getattr(row, moment)[:7], Decimal(text)))
    ledger = company.tables["finance_ledger"].set_index("month_on")[
        "net_revenue_amount"
    ]
    months = pd.DataFrame(lines, columns=["month", "amount"]).groupby("month")["amount"]
    for month, amounts in months:
        booked = Decimal(ledger[f"{month}-01" if month else ""])
        assert booked == sum(amounts, Decimal(0))
    assert len(ledger) == months.ngroups


def test_each_dirty_row_is_in_the_raw_rows(company):
    dirty = company.answer_key["dirty_rows"]
    assert len(dirty) == 9
    values = {
        value
        for name in ("billing_lines", "dispensary_fills", "enrolments", "appointments")
        + ("sessions", "calls")
        for value in company.tables[name].iloc[:, 0]
    }
    assert set(dirty["source_key"]) <= values
