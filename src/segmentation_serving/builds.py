"""Whether the work file is the whole of a build that passed all of its tests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from segmentation_serving.refusal import Refused

# DuckDB may write on closing the file, after dbt has told its results.
CLOSING_SECONDS = 60
_PASSED = ("success", "pass", "warn", "no-op")
_PARTS = ("select", "exclude", "selector", "empty", "sample")
_INVOCATION = "select invocation_id from {catalog}.main.last_invocation"


@dataclass(frozen=True)
class Build:
    """A build that passed.

    Attributes
    ----------
    build_id : dbt's invocation id
    built : unique ids of the nodes that it built or tested
    project : folder of the project
    """

    build_id: str
    built: frozenset[str]
    project: Path


def check_build(results_path: Path, warehouse: Path) -> Build:
    """Refuse unless dbt last built and tested the whole project without a failure.

    Parameters
    ----------
    results_path : dbt's run_results.json
    warehouse : DuckDB file of the build

    Returns
    -------
    What dbt says of the build.

    Raises
    ------
    Refused
        There is no such file, it is of another command or of a part of the project, a
        node failed or was skipped, nothing was tested, the warehouse was written to
        afterwards, or another invocation was the last to begin, as one that was killed.
    """
    for path in (results_path, warehouse):
        if not path.is_file():
            raise Refused(f"{path} is missing: run `make build` first.")
    written_at = max(
        path.stat().st_mtime for path in (warehouse, wal_of(warehouse)) if path.exists()
    )
    if written_at > results_path.stat().st_mtime + CLOSING_SECONDS:
        raise Refused(f"{warehouse} was written to after the last build: build again.")
    found = json.loads(results_path.read_text())
    _check_results(found["args"], found["results"])
    build_id = found["metadata"]["invocation_id"]
    if last_invocation(warehouse) != build_id:
        raise Refused(
            f"{warehouse} was last written by another dbt command than the one that "
            f"{results_path} tells of, perhaps one that was stopped: run `make build`."
        )
    return Build(
        build_id,
        frozenset(result["unique_id"] for result in found["results"]),
        Path(found["args"].get("project_dir") or "."),
    )


def _check_results(arguments: Mapping[str, Any], results: list[dict]) -> None:
    command = arguments.get("which")
    if command != "build":
        raise Refused(f"The last dbt command was `{command}`: run `make build` first.")
    parts = [name for name in _PARTS if arguments.get(name)]
    left_out = set(arguments.get("exclude_resource_types") or ()) - {"unit_test"}
    if parts or left_out or arguments.get("resource_types"):
        raise Refused("The last build was of a part of the project: run `make build`.")
    failed = sorted(
        result["unique_id"] for result in results if result["status"] not in _PASSED
    )
    if failed:
        raise Refused(
            f"The last build failed in {len(failed)} nodes, first {failed[0]}: mend it "
            "and run `make build`."
        )
    if not any(result["unique_id"].startswith("test.") for result in results):
        raise Refused("The last build ran no tests: run `make build`.")


def last_invocation(warehouse: Path) -> str | None:
    """Return the id of the dbt command that last began to write, None without one."""
    with open_to_read(warehouse) as connection:
        try:
            row = connection.execute(_INVOCATION.format(catalog="work")).fetchone()
        except duckdb.CatalogException:
            return None
    return row[0] if row else None


def open_to_read(warehouse: Path, name: str = "work") -> duckdb.DuckDBPyConnection:
    """Attach a DuckDB file for reading to a new connection in memory.

    Raises
    ------
    Refused
        Another process writes to it, or it is no DuckDB file.
    """
    # A table that is missing is no Python object of that name.
    connection = duckdb.connect(config={"python_enable_replacements": False})
    try:
        connection.execute(f"attach {quoted(str(warehouse))} as {name} (read_only)")
    except duckdb.IOException as error:
        connection.close()
        if "lock" in str(error):
            raise Refused(
                f"{warehouse} is being written to, by a build perhaps: wait until it "
                "has ended."
            ) from error
        raise Refused(f"{warehouse} cannot be read: {error}") from error
    return connection


def quoted(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def wal_of(file: Path) -> Path:
    """Path of the write-ahead log that DuckDB keeps beside a file."""
    return file.with_name(f"{file.name}.wal")
