"""Every cent of a planted ledger is where it was planted; a lost one is named."""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .conftest import (
    PROJECT,
    SAMPLE_COMPANY,
    Warehouse,
    build,
    failures,
    files,
    run_dbt,
)

AS_OF = date(2017, 10, 15)
LOADED_ON = date(2018, 3, 31)
# The rate of a day is the last one known; JPY has none.
RATES = {
    "GBP": {date(2017, 1, 1): "1.15583", date(2017, 5, 10): "1.12345"},
    "CHF": {date(2017, 1, 1): "0.93331", date(2017, 8, 1): "0.87777"},
}
REASONS = {
    "no_date": "missing_occurred_at",
    "bad_amount": "unreadable_net_amount",
    "bad_quantity": "unreadable_quantity",
    "future": "future_date",
    "no_rate": "no_exchange_rate",
}


@dataclass(frozen=True)
class Line:
    """One line of the shop and what is wrong with it, if anything."""

    customer: str
    day: date
    amount: Decimal
    currency: str = "EUR"
    flaw: str = ""
    copies: int = 0

    @property
    def dated(self) -> bool:
        return self.flaw != "no_date"

    @property
    def month(self) -> date | None:
        return self.booked_on.replace(day=1) if self.dated else None

    @property
    def booked_on(self) -> date:
        return date(2018, 5, self.day.day) if self.flaw == "future" else self.day

    @property
    def exact(self) -> Decimal:
        """The amount in EUR, not rounded; nothing where none can be told."""
        if self.flaw in ("bad_amount", "no_rate"):
            return Decimal(0)
        if self.currency == "EUR":
            return self.amount
        if not self.dated:
            return Decimal(0)
        rates = RATES[self.currency]
        return self.amount * Decimal(
            rates[max(d for d in rates if d <= self.booked_on)]
        )

    @property
    def converted(self) -> Decimal:
        return cents(self.exact)

    @property
    def place(self) -> str:
        if self.flaw:
            return f"rejected: transactions/{REASONS[self.flaw]}"
        if self.day >= AS_OF:
            return "after_as_of"
        return "segments" if self.customer else "guest"


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def total(pairs: Iterable[tuple[Any, Decimal]]) -> dict[Any, Decimal]:
    sums: Counter = Counter()
    for key, amount in pairs:
        sums[key] += amount
    return {key: amount for key, amount in sums.items() if amount}


def finance_months(lines: list[Line], conversion: str) -> dict[Any, Decimal]:
    """What finance books: every line once, as far as its amount can be told."""
    if conversion == "line":
        return total((line.month, line.converted) for line in lines)
    sums = total(((line.month, line.currency), line.exact) for line in lines)
    return total((month, cents(amount)) for (month, _), amount in sums.items())


def write_csv(path: Path, header: str, rows: Iterable[Iterable[Any]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


def plant(
    folder: Path, lines: list[Line], costs: dict[date, Decimal], conversion: str
) -> None:
    rows = []
    for number, line in enumerate(lines):
        row = (
            f"t{number}",
            f"o{number // 3}",
            line.customer,
            line.booked_on if line.dated else "",
            "sale" if line.amount >= 0 else "return",
            "many" if line.flaw == "bad_quantity" else 1,
            "n/a" if line.flaw == "bad_amount" else line.amount,
            "JPY" if line.flaw == "no_rate" else line.currency,
        )
        rows += [row] * (1 + line.copies)
    write_csv(
        folder / "transactions.csv",
        "transaction_id,order_id,customer_id,occurred_at,transaction_type,quantity,"
        "net_amount,currency_code",
        rows,
    )
    write_csv(
        folder / "exchange_rates.csv",
        "currency_code,rate_on,rate_to_reporting",
        [(name, day, rate) for name in RATES for day, rate in RATES[name].items()],
    )
    write_csv(
        folder / "ledger_totals.csv",
        "month_on,net_revenue_amount",
        [
            (month or "", sum_)
            for month, sum_ in finance_months(lines, conversion).items()
        ],
    )
    write_csv(
        folder / "campaigns.csv",
        "campaign_id,channel",
        [("k1", "ads"), ("k2", "email")],
    )
    # Half of each cost names its channel, half its campaign; the e-mails are no ads.
    write_csv(
        folder / "marketing_costs.csv",
        "cost_on,campaign_id,channel,cost_amount",
        [
            row
            for day, cost in costs.items()
            for row in (
                (day, "", "ads", cost - Decimal("0.01")),
                (day, "k1", "", "0.01"),
                (day, "k2", "", "7.77"),
            )
        ],
    )


def build_planted(
    folder: Path, lines: list[Line], costs: dict[date, Decimal], conversion: str
) -> Warehouse:
    """Build a folder of planted files; the build itself asserts all identities."""
    plant(folder, lines, costs, conversion)
    return build(
        Warehouse(folder / "warehouse"), settings=planted_settings(folder, conversion)
    )


def planted_settings(folder: Path, conversion: str) -> dict[str, Any]:
    return files(
        folder,
        as_of_date=AS_OF.isoformat(),
        loaded_on=LOADED_ON.isoformat(),
        reporting_currency="EUR",
        ledger_conversion=conversion,
        acquisition_channels=["ads"],
    )


def check(shop: Warehouse, lines: list[Line], costs: dict, conversion: str) -> None:
    """Compare what the marts say with sums over the planted lines."""
    places = [(line.place, line) for line in lines]
    duplicates = [
        ("rejected: transactions/duplicate_key", line)
        for line in lines
        for _ in range(line.copies)
    ]
    planted = {
        "source_control": total(
            ((line.month, place), line.converted) for place, line in places + duplicates
        ),
        "finance": total(
            ((line.month, place), line.converted) for place, line in places
        ),
    }
    if conversion == "month":
        for currency in RATES:
            own = [line for line in lines if line.currency == currency]
            rounding = total((line.month, -line.converted) for line in own)
            for month, amount in finance_months(own, "month").items():
                rounding[month] = rounding.get(month, Decimal(0)) + amount
            planted["finance"] |= {
                (month, f"currency_rounding: {currency}"): amount
                for month, amount in rounding.items()
                if amount
            }
    for kind, amounts in planted.items():
        found = shop.query(
            "select month_on, item, amount from finance.ledger_differences"
            f" where ledger_kind = '{kind}' and amount <> 0"
        ) + shop.query(
            "select month_on, 'segments', segments_amount"
            " from finance.ledger_reconciliation"
            f" where ledger_kind = '{kind}' and segments_amount <> 0"
        )
        assert {(month, item): amount for month, item, amount in found} == amounts
    unexplained = shop.value(
        "select sum(abs(difference_amount)) from finance.ledger_reconciliation"
    )
    assert unexplained == 0
    known = total(
        (line.month, line.converted)
        for place, line in places
        if place in ("segments", "guest")
    )
    segmentations = shop.query("select distinct segmentation from core.segments")
    for (segmentation,) in segmentations:
        months = shop.query(
            "select month_on, sum(net_revenue_amount) from finance.segment_roi"
            f" where segmentation = '{segmentation}' group by all"
        )
        assert {month: amount for month, amount in months if amount} == known
        spent = shop.query(
            "select cohort_on, sum(acquisition_cost_amount)"
            " from finance.segment_unit_economics"
            f" where segmentation = '{segmentation}' group by all"
        )
        assert {month: amount for month, amount in spent if amount} == total(
            (day.replace(day=1), cost) for day, cost in costs.items() if day < AS_OF
        )


LEDGER = [
    # 0.05 GBP and CHF round up or down one by one, not in sum.
    *[Line("c1", date(2017, 3, 5), Decimal("0.05"), "GBP")] * 3,
    *[Line("c2", date(2017, 3, 9), Decimal("0.05"), "CHF")] * 3,
    Line("", date(2017, 3, 10), Decimal("7.35"), "CHF"),
    Line("c1", date(2017, 4, 1), Decimal("20.00"), copies=2),
    Line("c1", date(2017, 5, 9), Decimal("10.00"), "GBP"),
    Line("c1", date(2017, 5, 10), Decimal("-3.33"), "GBP"),
    Line("c3", date(2017, 5, 11), Decimal("-4.00")),
    Line("c4", date(2017, 6, 1), Decimal("0.00")),
    Line("c2", date(2017, 7, 31), Decimal("12.34"), "CHF", "bad_quantity"),
    Line("c2", date(2017, 8, 1), Decimal("1.00"), "CHF", copies=1),
    Line("c2", date(2017, 8, 2), Decimal("5.00"), flaw="no_date"),
    Line("c2", date(2017, 8, 2), Decimal("6.00"), "GBP", "no_date"),
    Line("c2", date(2017, 8, 2), Decimal("7.00"), flaw="bad_amount"),
    Line("c2", date(2017, 8, 2), Decimal("8.00"), flaw="no_rate"),
    Line("c2", date(2017, 8, 2), Decimal("9.00"), "GBP", "future"),
    Line("c5", date(2017, 10, 14), Decimal("1.50")),
    Line("c5", date(2017, 10, 15), Decimal("2.50"), "GBP"),
    Line("", date(2017, 12, 31), Decimal("3.50")),
]
COSTS = {
    date(2017, 3, 1): Decimal("0.05"),
    date(2017, 4, 30): Decimal("100.00"),
    date(2017, 10, 14): Decimal("11.11"),
    date(2017, 10, 15): Decimal("22.22"),
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Warehouse:
    folder = tmp_path_factory.mktemp("ledger")
    return build_planted(folder, LEDGER, COSTS, "month")


def test_a_ledger_in_three_currencies_is_explained_to_the_cent(planted):
    check(planted, LEDGER, COSTS, "month")
    # Each 0.05 GBP is 0.0577915 EUR: 0.18 rounded one by one, 0.17 in sum. Each of the
    # three 0.05 CHF is 0.0466655, 7.35 CHF are 6.8598285: 7.01 one by one, 7.00 in sum.
    roundings = planted.query(
        "select item, amount, row_count from finance.ledger_differences"
        " where item_type = 'currency_rounding' and month_on = '2017-03-01'"
        " order by all"
    )
    assert roundings == [
        ("currency_rounding: CHF", Decimal("-0.01"), 4),
        ("currency_rounding: GBP", Decimal("-0.01"), 3),
    ]


def test_each_difference_has_an_example_to_look_up(planted):
    found = planted.query(
        "select item, row_count, amount, example from finance.ledger_differences"
        " where ledger_kind = 'source_control' and item_type <> 'rejected'"
        " order by month_on, item"
    )
    assert found == [
        ("guest", 1, Decimal("6.86"), "o2"),
        ("after_as_of", 1, Decimal("2.81"), "o6"),
        ("after_as_of", 1, Decimal("3.50"), "o7"),
    ]
    ((rows, example),) = planted.query(
        "select row_count, example from finance.ledger_differences"
        " where ledger_kind = 'finance' and item like '%unreadable_net_amount'"
    )
    assert rows == 1
    assert json.loads(example)["net_amount"] == "n/a"


# From the lines to the reconciliation, and nothing that the rest of a build would add.
TO_THE_LEDGER = (
    *("checked_transactions", "checked_ledger_totals", "int_orders_aggregated"),
    *("int_customer_days_aggregated", "int_ledger_items_listed"),
    *("int_unplaced_orders_counted", "int_lost_orders_counted"),
    *("scored_monthly_revenue", "ledger_reconciliation", "ledger_differences"),
)


@pytest.fixture
def message_of_build(tmp_path, capfd) -> Callable[..., list[str]]:
    """Build a changed project on a copy of a warehouse; the lines that it fails by."""

    def run(
        warehouse: Warehouse,
        project: Path,
        *select: str,
        changes: Iterable[str] = (),
        **options,
    ) -> list[str]:
        copy = Warehouse(tmp_path / "warehouse")
        shutil.copytree(warehouse.folder / "work", copy.folder / "work")
        with duckdb.connect(str(copy.path)) as connection:
            for change in changes:
                connection.execute(change)
        result = run_dbt(
            copy,
            *("build", "--select", *select, "assert_ledger_is_reconciled"),
            *("--indirect-selection", "empty"),
            project=project,
            **options,
        )
        assert not result.success
        assert result.exception is None
        assert {node.node.name for node in result.result if node.status == "error"} == {
            "assert_ledger_is_reconciled"
        }, failures(result)
        # It stops after the differences are there to be looked at.
        assert copy.value(
            "select count(*) from finance.ledger_differences"
            " where item_type = 'unexplained'"
        )
        said = capfd.readouterr().out
        assert "finance.ledger_differences lists what lies between them" in said
        lines = [line.strip() for line in said.splitlines()]
        return [line for line in lines if ", unexplained " in line]

    return run


def test_a_line_missing_from_the_orders_is_named(
    sample_company, copy_project, message_of_build
):
    """Finance keeps its ledger in a source of its own, which still holds the line."""
    project = copy_project()
    seed = project / "seeds/sample_company/sample_shop_lines.csv"
    header, *lines = seed.read_text().splitlines(keepends=True)
    (amount, month, order, number), *_ = sample_company.query(
        "select net_amount, strftime(occurred_on, '%Y-%m'), order_id,"
        " split_part(transaction_id, '-', 2)"
        " from input.input_transactions"
        " where currency_code = 'GBP' and transaction_type = 'sale'"
        " and net_amount > 10 order by transaction_id"
    )
    kept = [line for line in lines if not line.startswith(f"{order},{number},")]
    assert len(kept) == len(lines) - 1
    seed.write_text("".join([header, *kept]))
    (line,) = message_of_build(
        sample_company,
        project,
        *("sample_shop_lines", *TO_THE_LEDGER),
        settings=SAMPLE_COMPANY,
        salt="pepper",
    )
    assert line.startswith(f"{month}: finance ledger ")
    assert f"unexplained {amount} (no accepted line is lost" in line


def test_a_model_that_loses_a_line_is_named(
    complete_journey, copy_project, message_of_build
):
    project = copy_project()
    model = project / "models/intermediate/purchases/int_orders_aggregated.sql"
    (amount, month, lost), *_ = complete_journey.query(
        "select net_amount, strftime(occurred_on, '%Y-%m'), transaction_id"
        " from input.input_transactions where net_amount > 5 order by transaction_id"
    )
    everything = "{{ ref('input_transactions') }}"
    text = model.read_text()
    assert everything in text
    model.write_text(
        text.replace(everything, f"{everything} where transaction_id <> '{lost}'")
    )
    (line,) = message_of_build(complete_journey, project, *TO_THE_LEDGER[2:])
    assert line.startswith(f"{month}: source_control ledger ")
    assert f"unexplained {amount} (accepted lines hold " in line
    assert ", orders " in line
    assert "customer days" not in line


def test_a_day_that_a_table_lost_is_named_with_its_first_order(
    planted, message_of_build
):
    """Here the rows are gone from a table that is built; its own step is left out."""
    lines = message_of_build(
        planted,
        PROJECT,
        *TO_THE_LEDGER[4:],
        changes=[
            "delete from intermediate.int_customer_days_aggregated"
            " where customer_id = 'c5' and active_on = '2017-10-14'"
        ],
        settings=planted_settings(planted.folder.parent, "month"),
    )
    lost = (
        "explained 2.81, unexplained 1.50"
        " (orders hold 4.31, customer days 2.81; first order: o6)"
    )
    assert lines == [
        f"2017-10: finance ledger 4.31 EUR, {lost}",
        f"2017-10: source_control ledger 4.31 EUR, {lost}",
    ]


def test_cdnow_lies_in_its_segments_to_the_cent(cdnow):
    (found,) = cdnow.query(
        "select sum(ledger_amount), sum(segments_amount), sum(abs(difference_amount)),"
        " (select count(*) from finance.ledger_differences)"
        " from finance.ledger_reconciliation"
    )
    assert found == (Decimal("2500315.63"), Decimal("2500315.63"), 0, 0)


def test_every_cent_of_an_acquisition_channel_is_some_segment_s(sample_company):
    path = PROJECT / "seeds/sample_company/sample_ad_costs.csv"
    with path.open(newline="") as file:
        spent = total(
            (
                date.fromisoformat(row["cost_on"]).replace(day=1),
                Decimal(row["cost_amount"]),
            )
            for row in csv.DictReader(file)
            # Two dirty rows have no amount or no day, and are rejected.
            if row["cost_on"] and row["cost_amount"] != "free"
        )
    for (segmentation,) in sample_company.query(
        "select distinct segmentation from core.segments"
    ):
        months = sample_company.query(
            "select cohort_on, sum(acquisition_cost_amount)"
            " from finance.segment_unit_economics"
            f" where segmentation = '{segmentation}' and acquisition_cost_amount > 0"
            " group by all"
        )
        assert dict(months) == spent
    # Eight months of 2025 cost money and brought nobody.
    nobody = sample_company.value(
        "select count(distinct cohort_on) from finance.segment_unit_economics"
        " where segment_key = 'no_new_customers'"
    )
    assert nobody == len(spent) - sample_company.value(
        "select count(distinct cohort_on) from finance.segment_unit_economics"
        " where customers > 0 and acquisition_cost_amount > 0"
    )


DAYS = st.dates(date(2017, 1, 1), date(2017, 12, 31))
LINES = st.builds(
    Line,
    customer=st.sampled_from(["", "c1", "c2", "c3", "c4", "c5"]),
    day=DAYS,
    amount=st.decimals(-200, 1000, places=2),
    currency=st.sampled_from(["EUR", "GBP", "CHF"]),
    flaw=st.sampled_from(["", "", "", "", "", *REASONS]),
).flatmap(
    lambda line: (
        st.just(line)
        if line.flaw
        else st.integers(0, 2).map(lambda copies: replace(line, copies=copies))
    )
)


@pytest.mark.long
@settings(
    max_examples=10,
    # Each example is a build; shrinking one would take an hour.
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    lines=st.lists(LINES, max_size=120),
    costs=st.dictionaries(DAYS, st.decimals("0.01", 500, places=2), max_size=12),
    conversion=st.sampled_from(["line", "month"]),
)
def test_any_ledger_is_explained_to_the_cent(
    tmp_path_factory, lines, costs, conversion
):
    folder = tmp_path_factory.mktemp("ledger")
    # Somebody has bought something, or no version of the value segments is there yet.
    lines = [Line("c1", date(2017, 2, 2), Decimal("9.99")), *lines]
    shop = build_planted(folder, lines, costs, conversion)
    check(shop, lines, costs, conversion)
