"""Write the report: python -m segmentation_reports WAREHOUSE_FILE FOLDER."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from segmentation_reports.report import PAGE, Report, make_report
from segmentation_reports.warehouse import UnreadableWarehouse, read_marts


def write_report(report: Report, folder: Path) -> None:
    """Write the files, and remove pictures of an earlier report that are not in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in report.possible_names - report.files.keys():
        (folder / name).unlink(missing_ok=True)
    for name, content in report.files.items():
        (folder / name).write_bytes(content)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0, or 1 after one sentence about what is wrong with the warehouse."""
    parser = argparse.ArgumentParser(prog="segmentation_reports", description=__doc__)
    parser.add_argument("warehouse", type=Path, help="DuckDB file of a build")
    parser.add_argument("folder", type=Path, help="where the report is written")
    asked = parser.parse_args(arguments)
    try:
        report = make_report(read_marts(asked.warehouse))
    except UnreadableWarehouse as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write_report(report, asked.folder)
    sys.stdout.write(
        f"Report: {asked.folder / PAGE} ({len(report.files) - 1} pictures)\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
