"""Tables on a sheet: columns of values or formulas, totals, and what they come to.

A formula is written with the value that it has, so that a reader which does not
calculate (a preview, a program) shows the same as Excel.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

Row = dict[str, Any]
_WIDEST = 46
_SUMMED = ("amount", "count")
_LINE_HEIGHT = 13.5


class Column(NamedTuple):
    """One column of a table.

    kind is text, note (text that runs on to the right), month, count, amount, check
    (an amount that must be zero), share or number. ``formula`` is Excel's, with other
    columns by key in braces, as in '={revenue}-{cost}'; ``value`` is what it comes to.
    A column is totalled where it is an amount or a count, by its sum, or has a formula,
    which then speaks of the totals.
    """

    key: str
    header: str
    kind: str = "text"
    formula: str = ""
    value: Callable[[Row], Any] | None = None
    width: int = 0
    is_totalled: bool = True


class Formats(NamedTuple):
    """Formats by kind, for rows and for totals, and those of everything around."""

    rows: dict[str, Format]
    totals: dict[str, Format]
    header: Format
    number_header: Format
    title: Format
    note: Format
    warning: Format
    good: Format


class Placed(NamedTuple):
    """Where a table came to stand: zero-based rows, and its totals by key."""

    first: int
    last: int
    total: int | None
    letters: dict[str, str]
    totals: dict[str, Any]

    def cells(self, key: str, sheet: str = "") -> str:
        """Say the cells of a column, absolute, with the sheet if it is another."""
        letter = self.letters[key]
        cells = f"${letter}${self.first + 1}:${letter}${self.last + 1}"
        return f"'{sheet}'!{cells}" if sheet else cells

    def total_cell(self, key: str, sheet: str = "") -> str:
        """Say the cell of a total."""
        cell = f"${self.letters[key]}${self.total + 1}"
        return f"'{sheet}'!{cell}" if sheet else cell


def write_cell(
    sheet: Worksheet, row: int, column: int, value: Any, style: Format
) -> None:
    """Write a value; nothing where it is None."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        # Text that begins with = or @ is text.
        sheet.write_string(row, column, value, style)
    elif hasattr(value, "year"):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def write_formula(
    sheet: Worksheet, row: int, column: int, formula: str, value: Any, style: Format
) -> None:
    """Write a formula with what it comes to; None is the empty text."""
    shown = "" if value is None else value
    if isinstance(shown, Decimal):
        shown = float(shown)
    sheet.write_formula(row, column, formula, style, shown)


def write_table(
    sheet: Worksheet,
    formats: Formats,
    top: int,
    columns: Sequence[Column],
    rows: Sequence[Row],
    total_label: str = "",
) -> Placed:
    """Write headers, rows and, with a label, totals below them.

    Parameters
    ----------
    top : zero-based row of the headers
    rows : values by key of the column; those of formulas are worked out here
    total_label : text before the totals; none, no totals

    Returns
    -------
    Placed; ``totals`` are sums of exact decimals.
    """
    letters = {column.key: xl_col_to_name(at) for at, column in enumerate(columns)}
    for number, row in enumerate(rows, start=top + 1):
        _write_row(sheet, number, columns, row, letters, formats.rows)
    widths = [column.width or _width(column, rows) for column in columns]
    for at, column in enumerate(columns):
        is_text = column.kind in ("text", "note", "month")
        style = formats.header if is_text else formats.number_header
        sheet.write_string(top, at, column.header, style)
        sheet.set_column(at, at, widths[at])
    _set_height(
        sheet, top, [(c.header, w) for c, w in zip(columns, widths, strict=True)]
    )
    for number, row in enumerate(rows, start=top + 1):
        wrapped = [
            (row[column.key], width)
            for column, width in zip(columns, widths, strict=True)
            if column.kind == "text"
        ]
        _set_height(sheet, number, wrapped)
    first, last = top + 1, top + max(len(rows), 1)
    placed = Placed(first, last, None, letters, {})
    if not total_label:
        return placed
    totals: Row = {}
    for column in columns:
        if column.kind in _SUMMED and not column.formula and column.is_totalled:
            told = [row[column.key] for row in rows if row[column.key] is not None]
            totals[column.key] = sum(told, Decimal(0) if column.kind == "amount" else 0)
    for column in columns:
        if column.formula and column.is_totalled:
            totals[column.key] = column.value(totals)
    for at, column in enumerate(columns):
        style = formats.totals[column.kind]
        if at == 0:
            sheet.write_string(last + 1, at, total_label, formats.totals["text"])
        elif not column.is_totalled or column.key not in totals:
            sheet.write_blank(last + 1, at, None, style)
        elif column.formula:
            formula = _placed(column.formula, letters, last + 2)
            write_formula(sheet, last + 1, at, formula, totals[column.key], style)
        else:
            formula = f"=SUM({placed.cells(column.key)})"
            write_formula(sheet, last + 1, at, formula, totals[column.key], style)
    return placed._replace(total=last + 1, totals=totals)


def _write_row(sheet, number, columns, row, letters, styles) -> None:
    for at, column in enumerate(columns):
        style = styles[column.kind]
        if column.formula:
            row[column.key] = column.value(row)
            formula = _placed(column.formula, letters, number + 1)
            write_formula(sheet, number, at, formula, row[column.key], style)
        else:
            write_cell(sheet, number, at, row[column.key], style)


def _placed(formula: str, letters: dict[str, str], number: int) -> str:
    return formula.format(**{key: f"{at}{number}" for key, at in letters.items()})


def _set_height(sheet: Worksheet, row: int, wrapped: Sequence[tuple]) -> None:
    """Make a row as high as its longest text needs; not every program does."""
    lines = max(
        (1 + len(str(text or "")) // width for text, width in wrapped), default=1
    )
    if lines > 1:
        sheet.set_row(row, lines * _LINE_HEIGHT)


def _width(column: Column, rows: Sequence[Row]) -> int:
    values = [row[column.key] for row in rows if row[column.key] is not None]
    if column.kind in ("text", "note"):
        longest = max((len(str(value)) for value in values), default=0)
        return min(max(longest, 9), _WIDEST) + 2
    if column.kind in ("amount", "check"):
        # Room for the total, its sign and that of the currency.
        total = sum((abs(float(value)) for value in values), 0.0)
        return max(len(f"{total:,.2f}") + 4, 11)
    return 10


def ratio(part: Decimal | None, whole: Decimal | None) -> float | None:
    """Divide; None where either is unknown or the whole is zero."""
    return float(part / whole) if part is not None and whole else None
