"""What went wrong in a build, what it means, and where to look."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

_WIDTH = 100
_NOISE = re.compile(r">|(Compilation|Runtime|Database|Parsing) Error( in .*)?$")
_SHOWN_ROWS = 3
_MESSAGE_LINES = 12


@dataclass(frozen=True)
class Failure:
    """A step that failed.

    Attributes
    ----------
    name : as dbt calls it
    kind : test, unit_test, model, seed, operation
    message : what dbt says
    meaning : what a test demands, None where nobody wrote it down
    path : file in the project
    query : file with the compiled query of a test, None if it never got so far
    rows : number of rows that a test found, None without
    """

    name: str
    kind: str
    message: str
    meaning: str | None = None
    path: str = ""
    query: Path | None = None
    rows: int | None = None


def meaning_of(text: str) -> str | None:
    """Return the first comment of a test that begins a line, in one line.

    Parameters
    ----------
    text : SQL of a singular test, or of the definition of a generic one
    """
    block = re.search(r"^\{#-?(.*?)-?#\}", text, re.DOTALL | re.MULTILINE)
    lines = re.search(r"^-- .*(?:\n-- .*)*", text, re.MULTILINE)
    if block and (not lines or block.start() < lines.start()):
        found = block.group(1)
    elif lines:
        found = re.sub(r"^-- ", "", lines.group(), flags=re.MULTILINE)
    else:
        return None
    return " ".join(found.split())


def generic_meaning(
    text: str, model: str, arguments: Mapping[str, object]
) -> str | None:
    """Say what a generic test demands, with the table and the columns it looks at."""
    about = meaning_of(text)
    if about is None:
        return None
    names = arguments.get("columns") or arguments.get("column_name") or []
    columns = ", ".join([names] if isinstance(names, str) else names)
    limits = ", ".join(
        f"{name} {arguments[name]}"
        for name in ("minimum", "maximum")
        if arguments.get(name) is not None
    )
    return (
        f"{about} Table {model}, columns: {columns}{f' ({limits})' if limits else ''}."
    )


def some_rows(query: Path, work_file: Path) -> list[str]:
    """Return a few of the rows that a test found, one text each."""
    with duckdb.connect(str(work_file), read_only=True) as connection:
        found = connection.execute(query.read_text())
        names = [column[0] for column in found.description]
        return [
            ", ".join(
                f"{name} = {value}" for name, value in zip(names, row, strict=True)
            )
            for row in found.fetchmany(_SHOWN_ROWS)
        ]


def failure_lines(failure: Failure, work_file: Path) -> list[str]:
    """Say of a failed step what it is, what it means and what to do."""
    if failure.kind == "test" and failure.query is not None and failure.rows:
        return _test_lines(failure, failure.query, failure.rows, work_file)
    what = {
        "unit_test": f"The example {failure.name} no longer gives the rows it should",
        "test": f"The check {failure.name} could not be made",
        "seed": f"The table {failure.name} of the project could not be read",
    }.get(failure.kind, f"{failure.name} could not be built")
    message = [line for line in failure.message.splitlines() if line.strip()]
    lines = [f"{what}.", *(f"  {line.strip()}" for line in message[:_MESSAGE_LINES])]
    if len(message) > _MESSAGE_LINES:
        lines.append("  ... (the rest stands in dbt.log)")
    return [*lines, f"  File: {failure.path}"] if failure.path else lines


def _test_lines(failure: Failure, query: Path, rows: int, work_file: Path) -> list[str]:
    noun = "row" if rows == 1 else "rows"
    lines = [f"The check {failure.name} found {rows:,} {noun} that must not be there."]
    if failure.meaning:
        lines += _wrapped(f"It demands: {failure.meaning}")
    try:
        shown = some_rows(query, work_file)
    except (duckdb.Error, OSError):
        shown = []
    lines += [part for row in shown for part in _wrapped(f"Row: {row}")]
    if rows > len(shown):
        lines.append(f"  Rows: run {query}")
        lines.append(f"        on {work_file}")
    return [*lines, f"  File: {failure.path}"]


def _wrapped(text: str) -> list[str]:
    return fitted(f"  {text}")


def fitted(line: str) -> list[str]:
    """Break a line that is too wide for a terminal, what follows indented by two."""
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line.strip(),
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]


def words_for(error: str, work_file: Path) -> str:
    """Say in people's words why dbt did not begin, where it is a known cause."""
    if "Could not set lock on file" in error:
        holder = re.search(r"PID (\d+)", error)
        who = f"process {holder.group(1)}" if holder else "another process"
        return (
            f"{work_file} is in use by {who}: another build, or a tool that should "
            "read the served file instead. Wait for it or close it, then build again."
        )
    # Where in dbt it happened helps nobody who reads this.
    lines = [line.strip() for line in error.splitlines()]
    told = [line for line in lines if line and not _NOISE.match(line)]
    return "\n".join(told or lines)
