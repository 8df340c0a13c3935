"""Finance's workbook of real builds, held against the marts to the cent."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from ..served import served_file
from ..workbook.recalculated import differences
from .conftest import PROJECT, Warehouse

AMOUNTS = {
    "ROI by segment and month": (
        "finance.segment_roi",
        {"Month": "month_on", "Segment": "segment_name"},
        {
            "Net revenue": "net_revenue_amount",
            "Gross margin": "gross_margin_amount",
            "Marketing cost": "marketing_cost_amount",
            "Attributed margin": "attributed_margin_amount",
        },
        {"Attributed ROI": "attributed_roi", "Incremental ROI": "incremental_roi"},
    ),
    "Unit economics": (
        "finance.segment_unit_economics",
        {"First order": "cohort_on", "Segment today": "segment_name"},
        {
            "Acquisition cost": "acquisition_cost_amount",
            "Margin so far": "margin_amount",
        },
        {"Still buying": "retention_share"},
    ),
}


def make(warehouse: Warehouse, folder: Path) -> Path:
    path = folder / "finance.xlsx"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "segmentation_workbook"),
            str(served_file(warehouse.path)),
            str(warehouse.folder / "target/manifest.json"),
            str(path),
        ],
        env={"PYTHONPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return path


def rows_of(sheet) -> list[dict]:
    """Rows of the main table by header, without totals."""
    headers = [cell.value for cell in sheet[4]]
    last = int(sheet.auto_filter.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQ"))
    return [
        dict(zip(headers, (cell.value for cell in row), strict=True))
        for row in sheet.iter_rows(min_row=5, max_row=last)
    ]


def cents(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


@pytest.fixture(scope="module", params=["sample_company", "complete_journey"])
def built(request) -> Warehouse:
    return request.getfixturevalue(request.param)


def test_every_row_equals_its_mart_to_the_cent(built, tmp_path):
    book = openpyxl.load_workbook(make(built, tmp_path), data_only=True)
    ties = [book["Summary"].cell(row, 3).value for row in range(1, 30)]
    assert ties.count("ties") == 3
    for tab, (mart, keys, amounts, shares) in AMOUNTS.items():
        columns = (*keys.values(), *amounts.values(), *shares.values())
        expected = {
            row[:2]: row[2:]
            for row in built.query(
                f"select {', '.join(columns)} from {mart}"
                " where segmentation = 'combined'"
            )
        }
        rows = rows_of(book[tab])
        assert len(rows) == len(expected), tab
        for row in rows:
            month, name = (row[header] for header in keys)
            wanted = expected[month.date(), name]
            found = tuple(cents(row[header]) for header in amounts)
            assert found == wanted[: len(amounts)], (tab, month, name)
            for header, exact in zip(shares, wanted[len(amounts) :], strict=True):
                assert row[header] == (None if exact is None else pytest.approx(exact))
    ledger = rows_of(book["Reconciliation"])
    assert {cents(row["Difference to the ledger"]) for row in ledger} == {cents(0)}
    assert {cents(row["Difference to it"]) for row in ledger} == {cents(0)}
    assert sum(cents(row["In the ledger"]) for row in ledger) == built.value(
        "select sum(ledger_amount) from finance.ledger_reconciliation"
    )
    definitions = rows_of(book["Definitions"])
    assert len(definitions) > 40
    assert [
        row["Where it comes from"] for row in definitions if not row["Meaning"]
    ] == []


def test_another_program_comes_to_the_same(sample_company, tmp_path):
    assert differences(make(sample_company, tmp_path)) == []
