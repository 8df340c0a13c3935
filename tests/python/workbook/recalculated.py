"""What a workbook says when its formulas are worked out by somebody else."""

from pathlib import Path
from typing import Any

import formulas
import openpyxl


def told(path: Path) -> dict[tuple[str, str], Any]:
    """Values as they were written, those of formulas included, by tab and cell."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def formula_cells(path: Path) -> dict[tuple[str, str], str]:
    """Formulas by tab and cell."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def recalculated(path: Path) -> dict[tuple[str, str], Any]:
    """Work out every formula anew, from the values that are none."""
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    return {
        (tab, cell): solution[f"'[{path.name}]{tab.upper()}'!{cell}"].value[0, 0]
        for tab, cell in formula_cells(path)
    }


def differences(path: Path) -> list[str]:
    """Formulas that do not come to what is written beside them."""
    written = told(path)
    found = []
    for place, value in recalculated(path).items():
        said = written.get(place, "")
        if isinstance(said, str) or isinstance(value, str):
            is_same = said == value
        else:
            is_same = abs(float(value) - said) < 1e-6
        if not is_same:
            found.append(f"{place}: told {said!r}, comes to {value!r}")
    return found
