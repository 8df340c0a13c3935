"""The workbook on rows made by hand, its formulas worked out by another program."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from segmentation_workbook import Finance, make_workbook
from segmentation_workbook.__main__ import main

from .recalculated import differences, formula_cells, recalculated, told

JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)


def cents(text: str) -> Decimal:
    return Decimal(text)


def money(month, name, net, cost, marketing, margin, measured=None, caused=None):
    return {
        "month_on": month,
        "segment_name": name,
        "orders": 3,
        "net_revenue_amount": cents(net),
        "cost_amount": cents(cost),
        "marketing_cost_amount": cents(marketing),
        "attributed_revenue_amount": cents(margin) * 2,
        "attributed_margin_amount": cents(margin),
        "incremental_revenue_amount": caused and cents(caused) * 2,
        "incremental_low_amount": None,
        "incremental_high_amount": None,
        "incremental_margin_amount": caused and cents(caused),
        "measured_cost_amount": measured and cents(measured),
        "evidence": "assumed",
        "assumed_cost_amount": cents("1.00"),
        "assumed_contact_cost_amount": cents("0.00"),
        "contact_cost_amount": cents("0.00"),
        "discount_cost_amount": cents("0.00"),
        "contacts_without_cost": 2,
    }


def ledger(month, total, segments, guests):
    return {
        "ledger_kind": "source_control",
        "month_on": month,
        "ledger_amount": cents(total),
        "segments_amount": cents(segments),
        "guest_amount": cents(guests),
        "after_as_of_amount": cents("0.00"),
        "rejected_amount": cents("0.07"),
        "currency_rounding_amount": cents("0.00"),
    }


def proposal(scenario, name, current, recommended, status="allocated"):
    return {
        "scenario": scenario,
        "scenario_description": f"What {scenario} is",
        "segment_name": name,
        "evidence": "assumed",
        "status": status,
        "reason": "Floors sum to more than the total.",
        "current_spend_amount": cents(current),
        "recommended_spend_amount": recommended and cents(recommended),
        "total_amount": cents("10.00"),
        "unspent_amount": cents("0.50") if recommended else None,
        "floor_amount": None,
        "cap_amount": None,
        "expected_margin_gain_amount": None,
        "low_amount": None,
        "high_amount": None,
        "current_marginal_return": 0.5,
        "recommended_marginal_return": None,
        "binding_constraint": "none",
        "horizon_days": 91,
    }


# Not 0.1 + 0.2 by chance: sums of doubles of these miss the cent's exact double.
ROI = [
    money(JUNE, "=Able", "10.10", "4.05", "2.00", "3.00"),
    money(JUNE, "Guests", "0.20", "0.10", "0.00", "0.00"),
    money(JULY, "=Able", "20.20", "8.10", "4.00", "5.00", "2.00", "3.00"),
]
LEDGER = [
    ledger(JUNE, "10.37", "10.10", "0.20"),
    ledger(JULY, "20.27", "20.20", "0.00"),
    ledger(None, "0.07", "0.00", "0.00"),
]
BUDGET = [
    proposal("same", "=Able", "6.00", "5.50"),
    proposal("same", "Too new", "4.00", "4.00"),
    proposal("more", "=Able", "6.00", None, "infeasible"),
    proposal("more", "Too new", "4.00", None, "infeasible"),
]
PUBLICATION = {
    "generation": 7,
    "connector": "by hand",
    "git_revision": "0123456789abcdef",
    "published_at": datetime(2025, 8, 1, 6, 30),
}


@pytest.fixture
def finance() -> Finance:
    return Finance(
        primary="value",
        currency="EUR",
        as_of=date(2025, 8, 1),
        published_at=PUBLICATION["published_at"],
        segments=[{"segment_name": "=Able", "customer_count": 4}],
        roi=[dict(row) for row in ROI],
        reconciliation=[dict(row) for row in LEDGER],
        differences=[],
        budget=[dict(row) for row in BUDGET],
        economics=[
            {
                "cohort_on": JUNE,
                "segment_name": "=Able",
                "customers": 4,
                "acquisition_cost_amount": cents("8.00"),
                "margin_amount": cents("18.00"),
                "payback_months": 1,
                "retention_share": 0.75,
                "payback_status": "paid_back",
                "evidence": "measured",
            }
        ],
        curves=[],
        settings=[{"setting": "acquisition_channels", "setting_value": "['ads']"}],
        publication=PUBLICATION,
        descriptions={"finance.segment_roi.orders": "Orders of the month"},
    )


def written(finance: Finance, folder: Path) -> Path:
    path = folder / "finance.xlsx"
    path.write_bytes(make_workbook(finance))
    return path


def column_of(sheet, header: str) -> list:
    """Values below a header, to the first empty row."""
    (place,) = [cell for row in sheet for cell in row if cell.value == header][:1]
    values = []
    for row in range(place.row + 1, sheet.max_row + 1):
        value = sheet.cell(row, place.column).value
        if sheet.cell(row, 1).value is None:
            break
        values.append(value)
    return values


def test_formulas_come_to_what_is_written(finance, tmp_path):
    path = written(finance, tmp_path)
    assert differences(path) == []
    found = recalculated(path)
    # 30.50 sold, of which 12.25 cost; 6.00 of marketing brought 8.00: a third more.
    assert found["Summary", "B5"] == pytest.approx(30.50)
    assert found["Summary", "B7"] == pytest.approx(30.50 - 12.25)
    assert found["Summary", "B10"] == pytest.approx(2 / 6)
    # The budget of 10.00 is 9.50 and half that nobody gets.
    assert [found["Summary", f"B{row}"] for row in (13, 14, 15)] == [0, 0, 0]
    assert {found["Summary", f"C{row}"] for row in (13, 14, 15)} == {"ties"}


def test_values_can_be_read_without_calculating(finance, tmp_path):
    book = openpyxl.load_workbook(written(finance, tmp_path), data_only=True)
    roi = book["ROI by segment and month"]
    assert column_of(roi, "Gross margin") == [6.05, 0.1, 12.1, 18.25]
    # Nothing was spent on guests; a third of 6.00 is left over all.
    assert column_of(roi, "Attributed ROI")[:3] == [0.5, None, 0.25]
    assert column_of(roi, "Incremental ROI") == [None, None, 0.5, 0.5]
    assert column_of(book["Unit economics"], "Per customer")[0] == 2
    (customers, *_) = column_of(book["Summary"], "Customers today")
    assert customers == 4


@pytest.mark.parametrize(
    ("change", "cell", "tab"),
    [
        (lambda finance: finance.reconciliation[0], "B13", "Reconciliation"),
        (lambda finance: finance.roi[0], "B14", "Reconciliation"),
        (lambda finance: finance.budget[0], "B15", "Budget proposal"),
    ],
)
def test_a_missing_cent_is_said(finance, tmp_path, change, cell, tab):
    row = change(finance)
    for key in ("ledger_amount", "net_revenue_amount", "recommended_spend_amount"):
        if key in row:
            row[key] -= cents("0.01")
    path = written(finance, tmp_path)
    assert differences(path) == []
    found = recalculated(path)
    assert found["Summary", cell] == pytest.approx(0.01)
    assert found["Summary", cell.replace("B", "C")] == f"DOES NOT TIE: see {tab}"


def test_a_cent_too_many_and_one_too_few_do_not_cancel(finance, tmp_path):
    finance.reconciliation[0]["ledger_amount"] += cents("0.01")
    finance.reconciliation[1]["ledger_amount"] -= cents("0.01")
    found = recalculated(written(finance, tmp_path))
    assert found["Summary", "B13"] == pytest.approx(0.02)


def test_a_name_that_looks_like_a_formula_is_a_name(finance, tmp_path):
    path = written(finance, tmp_path)
    assert "=Able" in told(path).values()
    assert "=Able" not in formula_cells(path).values()


def test_an_impossible_scenario_says_why(finance, tmp_path):
    book = openpyxl.load_workbook(written(finance, tmp_path), data_only=True)
    assert column_of(book["Budget proposal"], "What it is") == [
        "What same is",
        "Floors sum to more than the total.",
    ]


def test_tabs_are_ready_to_be_read_and_printed(finance, tmp_path):
    path = written(finance, tmp_path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        *("Summary", "ROI by segment and month", "Reconciliation"),
        *("Ledger differences", "Budget proposal", "Unit economics", "Assumptions"),
        "Definitions",
    ]
    for sheet in book:
        # One page is what the format leaves unsaid.
        assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
        assert sheet.page_setup.fitToHeight == 0, sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        if sheet.title not in ("Summary", "Assumptions"):
            assert sheet.freeze_panes == "C5", sheet.title
            assert sheet.auto_filter.ref.startswith("A4:"), sheet.title
            assert sheet.print_title_rows == "$4:$4", sheet.title
    roi = book["ROI by segment and month"]
    assert "€" in roi["D5"].number_format
    assert roi["J5"].number_format.startswith("0.0%")
    assert roi["A5"].number_format == "mmm yyyy"
    # What must be zero is shown as such; elsewhere a dash is easier on the eye.
    assert "–" in roi["D5"].number_format
    assert "–" not in book["Summary"]["B13"].number_format
    settings = {row[0].value: row[1].value for row in book["Assumptions"].iter_rows()}
    assert settings["acquisition_channels"] == "ads"


def test_the_same_publication_gives_the_same_bytes(finance):
    assert make_workbook(finance) == make_workbook(finance)


def test_without_money_the_tabs_say_so(finance, tmp_path):
    nothing = finance._replace(
        primary=None,
        roi=[],
        reconciliation=[],
        budget=[],
        economics=[],
        segments=[],
        settings=[],
        descriptions={},
    )
    path = written(nothing, tmp_path)
    assert differences(path) == []
    values = told(path)
    assert values["Summary", "A4"].startswith("No transactions are known")
    assert values["Reconciliation", "A5"] == "Nothing to show."


def test_what_cannot_be_read_is_one_sentence(tmp_path, capsys):
    served, manifest = tmp_path / "served.duckdb", tmp_path / "manifest.json"
    arguments = [str(served), str(manifest), str(tmp_path / "finance.xlsx")]
    assert main(arguments) == 1
    with duckdb.connect(str(served)) as connection:
        connection.execute("select 1")
    assert main(arguments) == 1
    served.write_text("nonsense" * 1000)
    assert main(arguments) == 1
    missing, empty, nonsense = capsys.readouterr().err.splitlines()[::1][:3]
    assert missing.endswith("is missing: run `make publish` first.")
    assert "cannot be read: run `make build`" in empty
    assert not (tmp_path / "finance.xlsx").exists()
