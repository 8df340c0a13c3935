"""Look into a folder of Parquet and CSV files: how the connector `files` reads it.

A dbt macro cannot catch an error, so here a file that cannot be read becomes one
sentence that names the file, the column and the mend.
"""

import csv
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

FUNCTION = "inspect_files"
# Of these one must be there; everything else is optional.
STARTING_TABLES = ("transactions", "customer_attributes", "customers_wide")
FAMILIES = (
    *("demographic", "behavioural", "psychographic"),
    *("geographic", "technographic"),
)
KINDS = ("number", "category", "boolean", "identifier", "outcome")
# Columns that cannot be made from others.
REQUIRED_COLUMNS = {
    "customers": ("customer_id",),
    "customer_attributes": ("customer_id", "family", "attribute"),
    "customer_identifiers": (
        *("source_system", "customer_id"),
        *("identifier_type", "identifier_hash"),
    ),
    "transactions": ("customer_id", "occurred_at", "net_amount"),
    "products": ("product_id",),
    "interactions": ("interaction_id", "occurred_at"),
    "survey_responses": ("response_id", "customer_id", "responded_at"),
    "customer_outcomes": ("customer_id", "outcome", "value"),
    "campaigns": ("campaign_id",),
    "campaign_contacts": ("campaign_id", "customer_id"),
    "campaign_responses": ("campaign_id", "customer_id", "responded_at"),
    "marketing_costs": ("cost_on", "cost_amount"),
    "exchange_rates": ("rate_on", "currency_code", "rate_to_reporting"),
    "ledger_totals": ("month_on", "net_revenue_amount"),
}
# More broken lines than this are no accident of a few rows.
MOST_BROKEN_LINES = 1000
_DELIMITERS = ",;\t|"
_NUMBERS = ("INT", "FLOAT", "DOUBLE", "DECIMAL", "HUGE")
_READABLE_TYPES = {
    "double": (*_NUMBERS, "VARCHAR"),
    "decimal": (*_NUMBERS, "VARCHAR"),
    "boolean": ("BOOLEAN", "INT", "VARCHAR"),
    "date": ("DATE", "TIMESTAMP", "VARCHAR"),
    "timestamp": ("DATE", "TIMESTAMP", "VARCHAR"),
    "string": (*_NUMBERS, "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", "UUID", "ENUM"),
}


class UnreadableFileError(ValueError):
    """A file cannot be read; the message is one sentence for the person who has it."""


def inspect_folder(folder: Path, contract: Mapping[str, Mapping[str, str]]) -> dict:
    """Say how each table of the folder is read.

    Parameters
    ----------
    folder : where the files lie, named like the input tables without ``input_``
    contract : table -> column -> dbt type, the columns that a connector may provide

    Returns
    -------
    dict with ``tables``: table -> ``relation`` (SQL that reads it), ``columns`` (lower
    case name -> name in the file and its DuckDB type) and ``broken_lines`` (texts of
    CSV lines that do not fit the header), and with ``ignored_files``.

    Raises
    ------
    UnreadableFileError
        Nothing to start from, an empty file, a missing required column, a type that
        cannot be cast, a file that is not UTF-8, or two files for one table.
    """
    if not folder.is_dir():
        raise UnreadableFileError(
            f"There is no folder {folder}; set files_path to the one with your files."
        )
    tables = {}
    for table in contract:
        files = _files_of(folder, table)
        if files:
            tables[table] = _inspect_table(table, files, contract[table])
    wide = _files_of(folder, "customers_wide")
    if wide:
        tables["customers_wide"] = _inspect_wide(folder, wide)
    if not any(table in tables for table in STARTING_TABLES):
        raise UnreadableFileError(
            f"{folder} holds neither transactions nor customer_attributes nor"
            " customers_wide; put one of them there as .parquet or .csv."
        )
    known = {Path(file) for table in tables.values() for file in table.pop("files")}
    if wide:
        known.add(folder / "attributes.csv")
    ignored = [
        str(file.relative_to(folder))
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file not in known and not file.name.startswith(".")
    ]
    return {"tables": tables, "ignored_files": ignored}


def _files_of(folder: Path, table: str) -> list[Path]:
    forms = {
        f"{table}.parquet": [folder / f"{table}.parquet"],
        f"{table}.csv": [folder / f"{table}.csv"],
        f"{table}/*.parquet": sorted((folder / table).glob("*.parquet")),
        f"{table}/*.csv": sorted((folder / table).glob("*.csv")),
    }
    found = {
        form: files for form, files in forms.items() if files and files[0].is_file()
    }
    if len(found) > 1:
        raise UnreadableFileError(
            f"{folder} holds {table} twice, as {' and '.join(found)}; remove one."
        )
    return next(iter(found.values()), [])


def _inspect_table(table: str, files: list[Path], contract: Mapping[str, str]) -> dict:
    for file in files:
        if file.stat().st_size == 0:
            raise UnreadableFileError(
                f"{file.name} is empty; fill it, or remove it if there is none of it."
            )
    if files[0].suffix == ".csv":
        inspected = _inspect_csv(files)
    else:
        inspected = _inspect_parquet(files, contract)
    for column in REQUIRED_COLUMNS.get(table, ()):
        if column not in inspected["columns"]:
            found = ", ".join(sorted(inspected["columns"]))
            raise UnreadableFileError(
                f"{files[0].name} has no column {column}, which {table} needs; add or"
                f" rename it (found: {found})."
            )
    return {"files": [str(file) for file in files], **inspected}


def _inspect_wide(folder: Path, files: list[Path]) -> dict:
    inspected = _inspect_table("customers_wide", files, {})
    description = folder / "attributes.csv"
    if not description.is_file():
        raise UnreadableFileError(
            f"{files[0].name} needs a file attributes.csv beside it, with a line of"
            " column, family and kind for each of its columns."
        )
    delimiter, header = _header(description)
    if not {"column", "family", "kind"} <= set(header):
        raise UnreadableFileError(
            "attributes.csv must have the columns column, family and kind"
            f" (found: {', '.join(header)})."
        )
    with description.open(encoding="utf-8-sig", newline="") as lines:
        attributes = [
            {name: (line[name] or "").strip() for name in ("column", "family", "kind")}
            for line in csv.DictReader(lines, delimiter=delimiter)
        ]
    for attribute in attributes:
        _check_attribute(attribute, files[0], inspected["columns"])
    identifiers = [entry for entry in attributes if entry["kind"] == "identifier"]
    if len(identifiers) > 1:
        raise UnreadableFileError(
            f"attributes.csv names {len(identifiers)} columns of kind identifier; name"
            " one at most, the customer's id."
        )
    return {**inspected, "attributes": attributes}


def _check_attribute(
    attribute: Mapping[str, str], file: Path, columns: Mapping
) -> None:
    column, family, kind = attribute["column"], attribute["family"], attribute["kind"]
    if column.lower() not in columns:
        raise UnreadableFileError(
            f"attributes.csv names the column {column}, which {file.name} lacks; remove"
            " or rename it."
        )
    if kind not in KINDS:
        raise UnreadableFileError(
            f"attributes.csv gives {column} the kind {kind!r}; it must be one of"
            f" {', '.join(KINDS)}."
        )
    if kind in ("number", "category", "boolean") and family not in FAMILIES:
        raise UnreadableFileError(
            f"attributes.csv gives {column} the family {family!r}; it must be one of"
            f" {', '.join(FAMILIES)}."
        )


def _inspect_parquet(files: list[Path], contract: Mapping[str, str]) -> dict:
    relation = f"read_parquet({_sql_list(files)}, union_by_name = true)"
    try:
        described = duckdb.connect().execute(f"describe from {relation}").fetchall()
    except duckdb.Error as error:
        raise UnreadableFileError(
            f"{files[0].name} cannot be read as Parquet; write it again"
            f" ({_first_line(error)})."
        ) from error
    columns = _by_lower_case(files[0], [(row[0], row[1]) for row in described])
    for column, found in columns.items():
        wanted = contract.get(column)
        if wanted and not _is_readable(found["type"], wanted):
            raise UnreadableFileError(
                f"{found['name']} in {files[0].name} is of type {found['type']}, which"
                f" cannot become {wanted}; change its type."
            )
    return {"relation": relation, "columns": columns, "broken_lines": []}


def _is_readable(found: str, wanted: str) -> bool:
    if found.endswith("]") or found.startswith(("STRUCT", "MAP", "UNION")):
        return False
    return any(kind in found for kind in _READABLE_TYPES[wanted.split("(")[0]])


def _inspect_csv(files: list[Path]) -> dict:
    delimiter, header = _header(files[0])
    for file in files[1:]:
        if _header(file) != (delimiter, header):
            raise UnreadableFileError(
                f"{file.name} has another header than {files[0].name}; give all files"
                f" of {file.parent.name} the same columns."
            )
    columns = _by_lower_case(files[0], [(name, "VARCHAR") for name in header])
    types = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in header)
    options = (
        f"columns = {{{types}}}, delim = {_quoted(delimiter)}, quote = '\"',"
        " escape = '\"', header = true, auto_detect = false"
    )
    connection = duckdb.connect()
    try:
        connection.execute(
            f"select count(*) from read_csv({_sql_list(files)}, {options},"
            f" store_rejects = true, rejects_limit = {MOST_BROKEN_LINES + 1})"
        ).fetchall()
    except duckdb.Error as error:
        raise UnreadableFileError(
            f"{files[0].name} cannot be read as CSV; look for carriage returns inside"
            f" lines and for quotes that do not close ({_first_line(error)})."
        ) from error
    broken = connection.execute(
        "select line, any_value(error_type::varchar), any_value(csv_line), file_path"
        " from reject_errors inner join reject_scans using (scan_id, file_id)"
        " group by line, file_path order by file_path, line"
    ).fetchall()
    for line, kind, _, path in broken:
        if kind == "INVALID ENCODING":
            raise UnreadableFileError(
                f"{Path(path).name} is not UTF-8 (line {line}); save it as UTF-8."
            )
    if len(broken) >= MOST_BROKEN_LINES:
        raise UnreadableFileError(
            f"{files[0].name} has {MOST_BROKEN_LINES} lines or more that do not fit its"
            f" header; check its delimiter (read as {delimiter!r}) and its quotes."
        )
    return {
        "relation": f"read_csv({_sql_list(files)}, {options}, ignore_errors = true)",
        "columns": columns,
        "broken_lines": [text for _, _, text, _ in broken],
    }


def _header(file: Path) -> tuple[str, list[str]]:
    with file.open("rb") as lines:
        encoded = lines.readline()
    try:
        first = encoded.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{file.name} is not UTF-8 (line 1); save it as UTF-8."
        ) from error
    delimiter = max(_DELIMITERS, key=first.count)
    header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    if not all(header):
        raise UnreadableFileError(
            f"{file.name} has a column without a name; name every column in its first"
            " line."
        )
    return delimiter, header


def _by_lower_case(file: Path, columns: list[tuple[str, str]]) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for name, kind in columns:
        if name.lower() in found:
            raise UnreadableFileError(
                f"{file.name} has the column {name} twice; remove or rename one."
            )
        found[name.lower()] = {"name": name, "type": kind}
    return found


def _sql_list(files: list[Path]) -> str:
    return f"[{', '.join(_quoted(str(file)) for file in files)}]"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")


@lru_cache(maxsize=8)
def _inspect(folder: Path, contract: str, _state: tuple) -> str:
    try:
        result: dict[str, Any] = inspect_folder(folder, json.loads(contract))
    except UnreadableFileError as error:
        result = {"error": str(error)}
    return json.dumps(result)


def inspect_files(folder: str, contract: str) -> str:
    """Inspect a folder for SQL: JSON in and out, an error as ``{"error": ...}``."""
    path = Path(folder).resolve()
    # Every staging view of a build asks; the files are read again when one changed.
    state = tuple(
        (str(file), file.stat().st_size, file.stat().st_mtime_ns)
        for file in sorted(path.rglob("*"))
        if file.is_file()
    )
    return _inspect(path, contract, state)


class Plugin(BasePlugin):
    """Give DuckDB the function that the macros of the connector `files` call."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Register the function."""
        conn.create_function(FUNCTION, inspect_files, ["VARCHAR", "VARCHAR"], "VARCHAR")
