"""Put the workbook together: one tab per question, as bytes."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from segmentation_workbook.marts import Finance, Row
from segmentation_workbook.tables import (
    Column,
    Formats,
    Placed,
    ratio,
    write_cell,
    write_formula,
    write_table,
)

SUMMARY, ROI, LEDGER, ITEMS, BUDGET, ECONOMICS, ASSUMPTIONS, DEFINITIONS = (
    *("Summary", "ROI by segment and month", "Reconciliation", "Ledger differences"),
    *("Budget proposal", "Unit economics", "Assumptions", "Definitions"),
)
_TOP = 3
_A4 = 9
_INK, _LINE, _SHADE = "#1F2A37", "#9AA5B1", "#E8EDF2"
_SIGNS = {
    "USD": "[$$-409]#,##0.00",
    "GBP": "[$£-809]#,##0.00",
    "EUR": "#,##0.00\\ [$€-1]",
}
_NO_MONEY = "No transactions are known, so there is no money to show."
_TIES = '=IF({0}=0,"ties","DOES NOT TIE: see {1}")'

_ROI_COLUMNS = (
    Column("month_on", "Month", "month"),
    Column("segment_name", "Segment"),
    Column("orders", "Orders", "count"),
    Column("net_revenue_amount", "Net revenue", "amount"),
    Column("cost_amount", "Cost of goods", "amount"),
    Column(
        "gross_margin_amount",
        "Gross margin",
        "amount",
        "={net_revenue_amount}-{cost_amount}",
        lambda row: row["net_revenue_amount"] - row["cost_amount"],
    ),
    Column("marketing_cost_amount", "Marketing cost", "amount"),
    Column("attributed_revenue_amount", "Attributed revenue", "amount"),
    Column("attributed_margin_amount", "Attributed margin", "amount"),
    Column(
        "attributed_roi",
        "Attributed ROI",
        "share",
        '=IF({marketing_cost_amount}=0,"",({attributed_margin_amount}'
        "-{marketing_cost_amount})/{marketing_cost_amount})",
        lambda row: ratio(
            row["attributed_margin_amount"] - row["marketing_cost_amount"],
            row["marketing_cost_amount"],
        ),
    ),
    Column("incremental_revenue_amount", "Incremental revenue", "amount"),
    # Ends of intervals do not add up.
    Column("incremental_low_amount", "Low", "amount", is_totalled=False),
    Column("incremental_high_amount", "High", "amount", is_totalled=False),
    Column("incremental_margin_amount", "Incremental margin", "amount"),
    Column("measured_cost_amount", "Measured cost", "amount"),
    Column(
        "incremental_roi",
        "Incremental ROI",
        "share",
        '=IF(N({measured_cost_amount})=0,"",({incremental_margin_amount}'
        "-{measured_cost_amount})/{measured_cost_amount})",
        lambda row: (
            ratio(
                row["incremental_margin_amount"] - row["measured_cost_amount"],
                row["measured_cost_amount"],
            )
            if row["measured_cost_amount"]
            else None
        ),
    ),
    Column("evidence", "Evidence"),
)
_LEDGER_PARTS = (
    *("segments_amount", "guest_amount", "after_as_of_amount", "rejected_amount"),
    "currency_rounding_amount",
)
_ITEM_COLUMNS = (
    Column("ledger_kind", "Ledger"),
    Column("month_on", "Month", "month"),
    Column("item", "What lies between"),
    Column("row_count", "Rows", "count"),
    Column("amount", "Amount", "amount"),
)
_BUDGET_COLUMNS = (
    Column("scenario", "Scenario"),
    Column("segment_name", "Segment"),
    Column("evidence", "Evidence"),
    Column("current_spend_amount", "Today", "amount"),
    Column("recommended_spend_amount", "Recommended", "amount"),
    Column(
        "change_amount",
        "Change",
        "amount",
        '=IF({recommended_spend_amount}="","",'
        "{recommended_spend_amount}-{current_spend_amount})",
        lambda row: (
            None
            if row["recommended_spend_amount"] is None
            else row["recommended_spend_amount"] - row["current_spend_amount"]
        ),
    ),
    Column("floor_amount", "At least", "amount"),
    Column("cap_amount", "At most", "amount"),
    Column("expected_margin_gain_amount", "Margin gained", "amount"),
    Column("low_amount", "Low", "amount"),
    Column("high_amount", "High", "amount"),
    Column("current_marginal_return", "Next unit returns", "number"),
    Column("recommended_marginal_return", "Returns then", "number"),
    Column("binding_constraint", "Bound by"),
)
_SPENDS = ("current_spend_amount", "recommended_spend_amount")
_SCENARIO_KEYS = ("scenario", "status", "unspent_amount", "total_amount")
_SCENARIO_COLUMNS = (
    Column("scenario", "Scenario"),
    Column("scenario_description", "What it is"),
    Column("status", "Status"),
    Column("current_spend_amount", "Today", "amount"),
    Column("recommended_spend_amount", "Recommended", "amount"),
    Column("unspent_amount", "Not spent", "amount"),
    Column("total_amount", "Budget", "amount"),
    Column(
        "difference",
        "Difference",
        "check",
        '=IF({status}="allocated",'
        "ROUND({total_amount}-{recommended_spend_amount}-{unspent_amount},2),0)",
        lambda row: (
            row["total_amount"]
            - row["recommended_spend_amount"]
            - row["unspent_amount"]
            if row["status"] == "allocated"
            else Decimal(0)
        ),
    ),
)


def _per_customer(key: str, header: str, amount: str) -> Column:
    return Column(
        key,
        header,
        "amount",
        f'=IF(OR({{{amount}}}="",{{customers}}=0),"",{{{amount}}}/{{customers}})',
        lambda row: ratio(row[amount], row["customers"]),
    )


_ECONOMICS_COLUMNS = (
    Column("cohort_on", "First order", "month"),
    Column("segment_name", "Segment today"),
    Column("customers", "Customers", "count"),
    Column("acquisition_cost_amount", "Acquisition cost", "amount"),
    _per_customer(
        "acquisition_cost_per_customer_amount",
        "Per customer",
        "acquisition_cost_amount",
    ),
    Column("margin_amount", "Margin so far", "amount"),
    _per_customer("margin_per_customer_amount", "Per customer", "margin_amount"),
    Column("payback_months", "Payback, months", "count", is_totalled=False),
    Column("retention_share", "Still buying", "share"),
    Column("payback_status", "Payback"),
    Column("evidence", "Evidence"),
)
_CURVE_COLUMNS = (
    Column("segment_name", "Segment"),
    Column("parameter_source", "Response is"),
    Column("status", "Shape"),
    Column("observed_amount", "Seen up to", "amount"),
    Column("reason", "What it rests on", width=90),
)
# What finance may ask about; vars.yml has them all.
_SETTINGS = {
    "as_of_date": "Everything is computed from rows before this date",
    "reporting_currency": "Currency of every amount",
    "primary_segmentation": "The segmentation of this workbook",
    "assumed_margin_share": "Margin where the source tells no cost of goods",
    "discounts_as_marketing": (
        "none; attributed: discounts of credited orders are a marketing cost; all"
    ),
    "attribution_window_days": (
        "Days after a contact in which an order is credited to its campaign"
    ),
    "attribution_model": "Which of several campaigns an order is credited to",
    "acquisition_channels": "Channels whose costs bring new customers",
    "active_within_days": "Days without an order after which a customer has lapsed",
    "budget_horizon_days": "Days that budgets speak of",
    "current_spend_weeks": "Latest complete weeks whose mean is today's spend",
    "budget_maximum_change": (
        "Share by which a segment's budget may move where its response is not measured"
    ),
    "finance_ledger_tolerance_amount": "What finance's ledger may differ by in a month",
    "ledger_conversion": "Whether finance converts lines or sums of a month",
}
_SETTING_COLUMNS = (
    Column("setting", "Setting"),
    Column("setting_value", "Value"),
    Column("words", "What it does", "note"),
)
_ASSUMED_COLUMNS = (
    Column("words", "Part that is assumed", width=44),
    Column("amount", "Assumed", "amount"),
    Column("whole", "Of", "amount"),
    Column(
        "share",
        "Share",
        "share",
        '=IF({whole}=0,"",{amount}/{whole})',
        lambda row: ratio(row["amount"], row["whole"]),
    ),
)
_DEFINITION_COLUMNS = (
    Column("tab", "Tab"),
    Column("header", "Column"),
    Column("meaning", "Meaning", width=100),
    Column("source", "Where it comes from"),
)
_SOURCES = {
    ROI: ("finance.segment_roi", _ROI_COLUMNS),
    ITEMS: ("finance.ledger_differences", _ITEM_COLUMNS),
    BUDGET: ("finance.budget_allocation", _BUDGET_COLUMNS),
    ECONOMICS: ("finance.segment_unit_economics", _ECONOMICS_COLUMNS),
}


def make_workbook(finance: Finance) -> bytes:
    """Write every tab.

    Parameters
    ----------
    finance : from ``read_finance``

    Returns
    -------
    An Excel file. The same marts, published at the same time, give the same bytes.
    """
    return _Workbook(finance).content()


class _Workbook:
    """One workbook in the making."""

    def __init__(self, finance: Finance) -> None:
        self.finance = finance
        self.file = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.file, {"in_memory": True})
        self.formats = self._formats()

    def content(self) -> bytes:
        finance = self.finance
        self.book.set_properties(
            {
                "title": "Customer segments: finance",
                "created": finance.published_at,
            }
        )
        summary = self._tab(
            SUMMARY,
            f"What the {finance.primary} segments brought in and cost"
            if finance.primary
            else "Customer segments: finance",
            _said(finance),
        )
        roi = self._roi()
        ledger = self._reconciliation(roi)
        self._items()
        scenarios = self._budget()
        self._economics()
        self._assumptions(roi)
        self._definitions()
        self._summary(summary, roi, ledger, scenarios)
        summary.activate()
        self.book.close()
        return self.file.getvalue()

    def _formats(self) -> Formats:
        currency = self.finance.currency
        money = _SIGNS.get(currency, f"#,##0.00\\ [${currency}]")
        kinds = {
            "text": {"text_wrap": True, "indent": 1},
            "note": {"indent": 1},
            "month": {"num_format": "mmm yyyy", "align": "left", "indent": 1},
            "count": {"num_format": "#,##0"},
            "amount": {"num_format": f'{money};[Red]\\-{money};"–"'},
            "check": {"num_format": f"{money};[Red]\\-{money}"},
            "share": {"num_format": "0.0%;[Red]\\-0.0%"},
            "number": {"num_format": "0.00"},
        }
        base = {"font_name": "Calibri", "font_size": 10, "valign": "top"}

        def made(**more: Any):
            return self.book.add_format(base | {"font_color": _INK} | more)

        header = {
            "bold": True,
            "text_wrap": True,
            "bg_color": _SHADE,
            "bottom": 1,
            "bottom_color": _LINE,
        }
        return Formats(
            {kind: made(**more) for kind, more in kinds.items()},
            {
                kind: made(**more, bold=True, top=1, top_color=_INK)
                for kind, more in kinds.items()
            },
            made(**header, indent=1),
            made(**header, align="right"),
            made(bold=True, font_size=14),
            made(font_color="#52606D"),
            # Blue and orange are told apart by everybody, and so are the words.
            made(bold=True, bg_color="#F6B26B"),
            made(bg_color="#CFE2F3"),
        )

    def _tab(self, name: str, title: str, note: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, title, self.formats.title)
        sheet.write_string(1, 0, note, self.formats.note)
        sheet.set_row(0, 22)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
        sheet.set_footer(f"&L&A&C{_said(self.finance)}&RPage &P of &N")
        return sheet

    def _table(
        self,
        sheet: Worksheet,
        columns: Sequence[Column],
        rows: Sequence[Row],
        total_label: str = "",
        frozen: int = 1,
    ) -> Placed:
        """Write the main table of a tab: frozen, filtered, headers on every page."""
        placed = write_table(sheet, self.formats, _TOP, columns, rows, total_label)
        sheet.freeze_panes(_TOP + 1, frozen)
        sheet.autofilter(_TOP, 0, placed.last, len(columns) - 1)
        sheet.repeat_rows(_TOP)
        if not rows:
            sheet.write_string(_TOP + 1, 0, "Nothing to show.", self.formats.note)
        return placed

    def _checked(self, sheet: Worksheet, cells: str) -> None:
        """Show whether numbers that must be zero are."""
        for criterion, style in (
            ("==", self.formats.good),
            ("!=", self.formats.warning),
        ):
            sheet.conditional_format(
                cells,
                {"type": "cell", "criteria": criterion, "value": 0, "format": style},
            )

    def _roi(self) -> Placed:
        sheet = self._tab(
            ROI,
            "Return on marketing by segment and month",
            "Customers count for the segment they were in when the month began. "
            "Attributed orders might have come anyway; incremental is what a "
            "randomised holdout shows, with a 90 % interval.",
        )
        columns = _ROI_COLUMNS
        return self._table(sheet, columns, self.finance.roi, "Total", frozen=2)

    def _reconciliation(self, roi: Placed) -> Placed:
        sheet = self._tab(
            LEDGER,
            "What became of the ledger, month by month",
            "Ledger = segments + guests + after the as-of date + rejected + currency "
            "rounding. source_control is the raw source; finance is finance's own.",
        )
        of_months: dict[Any, Decimal] = {}
        for row in self.finance.roi:
            month = row["month_on"]
            of_months[month] = of_months.get(month, 0) + row["net_revenue_amount"]
        by_month = (
            f"SUMPRODUCT(({roi.cells('month_on', ROI)}={{month_on}})"
            f"*{roi.cells('net_revenue_amount', ROI)})"
        )
        rows = [
            row
            | {
                "of_segments": of_months.get(row["month_on"], Decimal(0)),
                "month_on": row["month_on"] or "no date",
            }
            for row in self.finance.reconciliation
        ]
        parts = "".join(f"-{{{part}}}" for part in _LEDGER_PARTS)
        columns = (
            Column("ledger_kind", "Ledger"),
            Column("month_on", "Month", "month"),
            Column("ledger_amount", "In the ledger", "amount"),
            Column("segments_amount", "In segments", "amount"),
            Column("guest_amount", "Guests", "amount"),
            Column("after_as_of_amount", "After the as-of date", "amount"),
            Column("rejected_amount", "Rejected", "amount"),
            Column("currency_rounding_amount", "Currency rounding", "amount"),
            Column(
                "difference_amount",
                "Difference to the ledger",
                "check",
                f"=ROUND({{ledger_amount}}{parts},2)",
                lambda row: (
                    row["ledger_amount"] - sum(row[part] for part in _LEDGER_PARTS)
                ),
            ),
            Column(
                "roi_amount",
                "ROI tab",
                "amount",
                f"={by_month}",
                lambda row: row["of_segments"],
                is_totalled=False,
            ),
            Column(
                "roi_difference",
                "Difference to it",
                "check",
                "=ROUND({segments_amount}+{guest_amount}-{roi_amount},2)",
                lambda row: (
                    row["segments_amount"] + row["guest_amount"] - row["of_segments"]
                ),
                is_totalled=False,
            ),
        )
        placed = self._table(sheet, columns, rows, frozen=2)
        for key in ("difference_amount", "roi_difference"):
            self._checked(sheet, placed.cells(key).replace("$", ""))
        return placed._replace(
            totals={
                key: sum(abs(row[key]) for row in rows)
                for key in ("difference_amount", "roi_difference")
            }
        )

    def _items(self) -> None:
        sheet = self._tab(
            ITEMS,
            "What lies between the ledger and the segments",
            "finance.ledger_differences names an order or a source row for each.",
        )
        rows = [
            row | {"month_on": row["month_on"] or "no date"}
            for row in self.finance.differences
        ]
        self._table(sheet, _ITEM_COLUMNS, rows, frozen=2)

    def _budget(self) -> Placed:
        days = {row["horizon_days"] for row in self.finance.budget}
        spoken = f" Amounts are for {days.pop()} days." if len(days) == 1 else ""
        sheet = self._tab(
            BUDGET,
            "Where the marketing budget earns most",
            "The last unit earns the same everywhere, as far as limits let it. What is "
            "not measured moves little (docs/budget.md)." + spoken,
        )
        placed = self._table(sheet, _BUDGET_COLUMNS, self.finance.budget, frozen=2)
        scenarios = _scenarios(self.finance.budget)
        columns = tuple(
            column._replace(
                formula=f"=SUMPRODUCT(({placed.cells('scenario')}={{scenario}})"
                f"*{placed.cells(column.key)})",
                value=lambda row, key=column.key: row[key],
            )
            if column.key in _SPENDS and scenarios
            else column
            for column in _SCENARIO_COLUMNS
        )
        return self._below(sheet, placed, "Scenarios", columns, scenarios)

    def _below(
        self,
        sheet: Worksheet,
        placed: Placed,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Row],
    ) -> Placed:
        """Write a second table below another, which keeps its widths."""
        top = (placed.total or placed.last) + 3
        sheet.write_string(top - 1, 0, title, self.formats.title)
        narrow = _Narrow(sheet)
        below = write_table(narrow, self.formats, top, columns, rows)
        if "difference" in below.letters and rows:
            self._checked(sheet, below.cells("difference").replace("$", ""))
        return below._replace(
            totals={
                column.key: sum(row[column.key] or 0 for row in rows)
                for column in columns
                if column.kind in ("amount", "check")
            }
        )

    def _economics(self) -> None:
        sheet = self._tab(
            ECONOMICS,
            "What new customers cost and when they pay it back",
            "By month of the first order and segment of today. Compare within a "
            "cohort (docs/finance.md).",
        )
        columns = tuple(
            column._replace(is_totalled=False)
            if column.key == "retention_share"
            else column
            for column in _ECONOMICS_COLUMNS
        )
        self._table(sheet, columns, self.finance.economics, "Total", frozen=2)

    def _assumptions(self, roi: Placed) -> None:
        sheet = self._tab(
            ASSUMPTIONS,
            "What is assumed, and what is set",
            "What is not assumed was measured or told by the source. vars.yml and the "
            "seeds in seeds/reference hold all of it.",
        )

        def summed(key: str) -> Decimal:
            return sum((row[key] for row in self.finance.roi), Decimal(0))

        assumed = [
            {
                "words": "Cost of goods",
                "amount": summed("assumed_cost_amount"),
                "whole": summed("cost_amount"),
            },
            {
                "words": "Cost of contacts",
                "amount": summed("assumed_contact_cost_amount"),
                "whole": summed("contact_cost_amount"),
            },
            {
                "words": "Discounts that count as marketing cost",
                "amount": summed("discount_cost_amount"),
                "whole": summed("marketing_cost_amount"),
            },
        ]
        values = {row["setting"]: row["setting_value"] for row in self.finance.settings}
        settings = [
            {
                "setting": name,
                # Lists are told without brackets.
                "setting_value": (values[name] or "not set")
                .strip("[]")
                .replace("'", ""),
                "words": words,
            }
            for name, words in _SETTINGS.items()
            if name in values
        ]
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 3, 20)
        sheet.set_column(4, 4, 90)
        narrow = _Narrow(sheet)
        placed = write_table(narrow, self.formats, _TOP, _ASSUMED_COLUMNS, assumed)
        uncosted = sum(row["contacts_without_cost"] for row in self.finance.roi)
        sheet.write_string(
            placed.last + 1,
            0,
            f"{uncosted:,} contacts have no known cost and count as free.",
            self.formats.note,
        )
        placed = placed._replace(last=placed.last + 1)
        placed = self._below(
            sheet, placed, "Response to marketing", _CURVE_COLUMNS, self.finance.curves
        )
        self._below(sheet, placed, "Settings", _SETTING_COLUMNS, settings)

    def _definitions(self) -> None:
        sheet = self._tab(
            DEFINITIONS,
            "What the columns mean",
            "In the words of the marts that they come from.",
        )
        ledger = ("finance.ledger_reconciliation", ())
        rows = [
            {
                "tab": tab,
                "header": column.header,
                "meaning": self.finance.descriptions.get(f"{mart}.{column.key}", ""),
                "source": f"{mart}.{column.key}",
            }
            for tab, (mart, columns) in _SOURCES.items()
            for column in columns
        ]
        rows += [
            {
                "tab": LEDGER,
                "header": key.removesuffix("_amount").replace("_", " ").capitalize(),
                "meaning": self.finance.descriptions.get(f"{ledger[0]}.{key}", ""),
                "source": f"{ledger[0]}.{key}",
            }
            for key in ("ledger_amount", *_LEDGER_PARTS, "difference_amount")
        ]
        self._table(sheet, _DEFINITION_COLUMNS, rows, frozen=2)

    def _summary(
        self, sheet: Worksheet, roi: Placed, ledger: Placed, scenarios: Placed
    ) -> None:
        if not self.finance.roi:
            sheet.write_string(_TOP, 0, _NO_MONEY, self.formats.note)
            return
        styles = self.formats.rows
        sheet.write_string(_TOP, 0, "All segments and guests", self.formats.header)
        sheet.write_string(_TOP, 1, "", self.formats.header)
        at = _TOP
        for label, key, kind in (
            ("Net revenue", "net_revenue_amount", "amount"),
            ("Cost of goods", "cost_amount", "amount"),
            ("Gross margin", "gross_margin_amount", "amount"),
            ("Marketing cost", "marketing_cost_amount", "amount"),
            ("Attributed margin", "attributed_margin_amount", "amount"),
            ("Attributed ROI", "attributed_roi", "share"),
        ):
            at += 1
            write_cell(sheet, at, 0, label, styles["text"])
            formula = f"={roi.total_cell(key, ROI)}"
            write_formula(sheet, at, 1, formula, roi.totals[key], styles[kind])
        at += 2
        for place, (header, style) in enumerate(
            (
                ("Checks", self.formats.header),
                ("Must be 0.00", self.formats.number_header),
                ("", self.formats.header),
            )
        ):
            sheet.write_string(at, place, header, style)
        checks = [
            ("Ledger less all that became of it", "difference_amount", ledger, LEDGER),
            ("Ledger's segments less the ROI tab", "roi_difference", ledger, LEDGER),
            ("Budgets less what is given out", "difference", scenarios, BUDGET),
        ]
        for label, key, placed, tab in checks:
            at += 1
            total = placed.totals[key] if placed.totals else Decimal(0)
            write_cell(sheet, at, 0, label, styles["text"])
            cells = placed.cells(key, tab)
            formula = f"=SUMPRODUCT(ABS({cells}))"
            write_formula(sheet, at, 1, formula, total, styles["check"])
            said = _TIES.format(f"B{at + 1}", tab)
            outcome = "ties" if total == 0 else f"DOES NOT TIE: see {tab}"
            write_formula(sheet, at, 2, said, outcome, styles["text"])
            self._checked(sheet, f"B{at + 1}")
        self._summary_segments(sheet, at + 3, roi)
        sheet.freeze_panes(2, 0)

    def _summary_segments(self, sheet: Worksheet, top: int, roi: Placed) -> None:
        counted = {
            row["segment_name"]: row["customer_count"] for row in self.finance.segments
        }
        amounts = (
            *("net_revenue_amount", "gross_margin_amount", "marketing_cost_amount"),
            "attributed_margin_amount",
        )
        rows: dict[str, Row] = {}
        for told in self.finance.roi:
            name = told["segment_name"]
            row = rows.setdefault(
                name,
                {"segment_name": name, "customers": counted.get(name, 0)}
                | dict.fromkeys(amounts, Decimal(0)),
            )
            for key in amounts:
                row[key] += told[key]
        for name, customers in counted.items():
            rows.setdefault(
                name,
                {"segment_name": name, "customers": customers}
                | dict.fromkeys(amounts, Decimal(0)),
            )
        listed = sorted(
            rows.values(),
            key=lambda row: (-row["net_revenue_amount"], row["segment_name"]),
        )
        revenue = roi.totals["net_revenue_amount"]
        names = roi.cells("segment_name", ROI)

        def of_segment(key: str, header: str) -> Column:
            return Column(
                key,
                header,
                "amount",
                f"=SUMPRODUCT(({names}={{segment_name}})*{roi.cells(key, ROI)})",
                lambda row: row[key],
            )

        columns = (
            Column("segment_name", "Segment", width=44),
            Column("customers", "Customers today", "count", width=18),
            of_segment("net_revenue_amount", "Net revenue")._replace(width=20),
            Column(
                "share",
                "Share of revenue",
                "share",
                f'=IF({roi.total_cell("net_revenue_amount", ROI)}=0,"",'
                f"{{net_revenue_amount}}/{roi.total_cell('net_revenue_amount', ROI)})",
                lambda row: ratio(row["net_revenue_amount"], revenue),
            ),
            of_segment("gross_margin_amount", "Gross margin"),
            of_segment("marketing_cost_amount", "Marketing cost"),
            of_segment("attributed_margin_amount", "Attributed margin"),
            _ROI_COLUMNS[9],
        )
        # Totals of the tab itself, so that a segment that is missing would show.
        totalled = tuple(
            column._replace(formula="", value=None) if column.key in amounts else column
            for column in columns
        )
        placed = write_table(sheet, self.formats, top, totalled, listed, "Total")
        for row, told in enumerate(listed, start=placed.first):
            for at, column in enumerate(columns):
                if column.key in amounts:
                    cell = f"{placed.letters['segment_name']}{row + 1}"
                    formula = column.formula.format(segment_name=cell)
                    style = self.formats.rows["amount"]
                    write_formula(sheet, row, at, formula, told[column.key], style)


def _scenarios(rows: Sequence[Row]) -> list[Row]:
    """Add up the segments of each scenario; one that is not possible says why."""
    found: dict[str, Row] = {}
    for row in rows:
        is_possible = row["status"] == "allocated"
        kept = found.setdefault(
            row["scenario"],
            {key: row[key] for key in _SCENARIO_KEYS}
            | {
                "scenario_description": row[
                    "scenario_description" if is_possible else "reason"
                ]
            }
            | dict.fromkeys(_SPENDS, Decimal(0)),
        )
        for key in _SPENDS:
            kept[key] += row[key] or Decimal(0)
    return list(found.values())


class _Narrow:
    """A sheet whose columns have their widths already."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sheet, name)

    def set_column(self, *_: Any) -> None:
        """Leave the width."""


def _said(finance: Finance) -> str:
    told = finance.publication
    revision = str(told.get("git_revision") or "unknown")[:10]
    return (
        f"As of {finance.as_of}, {finance.currency} · publication "
        f"{told.get('generation')} of {finance.published_at:%Y-%m-%d %H:%M} UTC, "
        f"{told.get('connector')}, revision {revision}"
    )
