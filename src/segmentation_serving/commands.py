"""The commands `publish`, `rollback` and `export-parquet`, and what they say."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

from segmentation_serving.changes import Figures, change_lines, read_figures
from segmentation_serving.generations import Record, Served
from segmentation_serving.parquet import export_parquet
from segmentation_serving.publication import publish, roll_back
from segmentation_serving.refusal import Refused
from segmentation_serving.summary import summary_lines, wrapped

_TO_START_WITH = "core.segments, finance.segment_roi"


def main(arguments: Sequence[str]) -> int:
    """Return 0, or 1 after a sentence about why nothing was changed."""
    command, *rest = arguments
    parser = argparse.ArgumentParser(prog=f"python -m segmentation_serving {command}")
    parser.add_argument(
        "--warehouse",
        type=Path,
        default=Path(os.environ.get("SEGMENTATION_WAREHOUSE", "warehouse")),
        help="folder with work/ and served/",
    )
    run, prepare, failed = {
        "publish": (_publish, _publish_arguments, "Nothing is published."),
        "rollback": (_roll_back, _rollback_arguments, "Nothing is rolled back."),
        "export-parquet": (_export, _export_arguments, "Nothing is exported."),
    }[command]
    prepare(parser)
    try:
        lines = run(parser.parse_args(rest))
    except Refused as refusal:
        sys.stderr.write(f"{failed} {refusal}\n")
        return 1
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _publish_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--target",
        type=Path,
        default=Path(os.environ.get("DBT_TARGET_PATH", "target")),
        help="folder of dbt's run_results.json",
    )


def _publish(asked: argparse.Namespace) -> list[str]:
    served = Served(asked.warehouse / "served")
    figures = _figures(served.link)
    record, before = publish(asked.warehouse, asked.target, git_revision())
    return published_lines(served, record, before, figures)


def _figures(link: Path) -> Figures | None:
    """Read what is served before it is replaced; None where nothing can be read."""
    if not link.is_symlink() or not link.exists():
        return None
    try:
        with duckdb.connect(str(link), read_only=True) as connection:
            return read_figures(connection)
    except duckdb.Error:
        return None


def published_lines(
    served: Served, record: Record, before: Record | None, figures: Figures | None
) -> list[str]:
    """Say what is published, what changed since the last time, and where to look.

    Parameters
    ----------
    served : where it was published
    record, before : of this publication and of what was served until then
    figures : of what was served until then, None where that could not be read
    """
    is_same = before is not None and before.connector == record.connector
    compared = figures if is_same else None
    customers = (
        {key: count for key, (_, count) in compared.segments.items()}
        if compared
        else None
    )
    with duckdb.connect(str(served.link), read_only=True) as connection:
        lines = summary_lines(connection, customers)
        now = read_figures(connection)
    lines.append("")
    if before is not None:
        lines.append(f"Since {before.title}:")
        if compared:
            for line in change_lines(compared, now):
                lines += wrapped(line, "    ", first="  ")
        elif is_same:
            lines.append("  It could not be read, so there is nothing to compare.")
        else:
            lines.append("  It was of another connector: nothing to compare.")
        lines.append("")
    return [
        *lines,
        f"Published: generation {record.generation}, {record.tables} tables, "
        f"{record.total_rows:,} rows, as of {record.as_of_date}",
        f"Read it:   {served.link} (DuckDB, read-only)",
        f"Start:     {_TO_START_WITH}",
        f"Boards:    make boards{_warehouse_argument(served)}",
        f"Go back:   make rollback{_warehouse_argument(served)}",
    ]


def _warehouse_argument(served: Served) -> str:
    folder = str(served.folder.parent)
    return "" if folder == "warehouse" else f" WAREHOUSE={folder}"


def git_revision() -> str:
    """Return the commit of the project in the current folder, `unknown` without one."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def _rollback_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--generation",
        type=int,
        help="the one to serve again; by default the latest before the one served",
    )


def _roll_back(asked: argparse.Namespace) -> list[str]:
    record, before = roll_back(asked.warehouse, asked.generation)
    kept = Served(asked.warehouse / "served").kept()
    return [
        f"Served again: generation {record.generation} ({record.connector}, as of "
        f"{record.as_of_date}) instead of {before.generation}.",
        f"Kept: generations {', '.join(map(str, kept))}; choose one with "
        "make rollback GENERATION=",
        "The work file is as it was: the next make build or make publish goes on "
        "from there.",
    ]


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="where the folder of files is put")


def _export(asked: argparse.Namespace) -> list[str]:
    folder, tables = export_parquet(Served(asked.warehouse / "served"), asked.folder)
    return [f"Exported: {folder} ({tables} files and manifest.json)"]
