"""Generated dirty files: a row is accepted or rejected, and none breaks a build."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .conftest import Warehouse, build

pytestmark = pytest.mark.long

WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]),
    max_size=12,
)
NUMBERS = st.one_of(
    st.decimals(-1000, 1000, places=2).map(str),
    st.integers(-(10**18), 10**18).map(str),
    st.floats().map(str),
    st.sampled_from(["1,5", "1.234,50", "€ 5", "5-", "1e3", " 7 ", "0x1F", "-0"]),
)
TIMES = st.one_of(
    st.datetimes().map(str),
    st.dates().map(str),
    st.sampled_from(
        [
            *("2017-02-30", "31.12.2017", "2017-1-5", "infinity", "-infinity", "epoch"),
            *("2017-06-01T10:00:00Z", "2017-06-01 10:00:00+02:00", "294276-12-31"),
            *("2017-06-01 25:00:00", "now", "20170601", "2017-W10", "0000-00-00"),
        ]
    ),
)
IDS = st.one_of(st.sampled_from(["a", "b", "007", "", " "]), WORDS)
CELLS = {
    "customer_id": IDS,
    "occurred_at": st.one_of(st.dates().map(str), TIMES, WORDS),
    "net_amount": st.one_of(NUMBERS, WORDS),
    "quantity": st.one_of(NUMBERS, WORDS),
    "gross_amount": st.one_of(st.just(""), NUMBERS),
    "discount_amount": st.one_of(st.just(""), NUMBERS),
    "transaction_type": st.sampled_from(["sale", "return", "Sale", "", "refund"]),
    "product_id": IDS,
    "location_id": IDS,
}
GOOD = ["a", "2017-06-01", "5.00", "1", "5.00", "0", "sale", "p", "s"]
ROWS = st.lists(
    st.one_of(
        st.tuples(*CELLS.values()).map(list),
        st.just(GOOD),
        # Too few or too many cells for the header.
        st.lists(WORDS.filter(bool), min_size=2, max_size=12),
    ),
    min_size=1,
    max_size=60,
)


@pytest.fixture
def fresh_folder(tmp_path) -> Callable[[], Path]:
    numbers = iter(range(1000))

    def make() -> Path:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return folder

    return make


@settings(
    max_examples=12,
    # Each example is a build of ten seconds; shrinking one would take an hour.
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=ROWS)
def test_rows_in_are_accepted_or_rejected(fresh_folder, rows):
    folder = fresh_folder()
    with (folder / "transactions.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CELLS)
        writer.writerows(rows)
    shop = build(
        Warehouse(folder / "warehouse"),
        settings={
            "connector": "files",
            "files_path": str(folder),
            "loaded_on": "2018-01-01",
        },
    )
    (found,) = shop.query(
        "select rows_read, rows_accepted + rows_rejected from monitoring.input_profile"
        " where source_table = 'transactions'"
    )
    assert found == (len(rows), len(rows))
