"""Write the workbook: python -m segmentation_workbook SERVED_FILE MANIFEST WORKBOOK."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from segmentation_workbook.marts import UnreadableMarts, read_finance
from segmentation_workbook.workbook import make_workbook


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0, or 1 after one sentence about what cannot be read."""
    parser = argparse.ArgumentParser(prog="segmentation_workbook", description=__doc__)
    parser.add_argument("served", type=Path, help="published DuckDB file")
    parser.add_argument("manifest", type=Path, help="dbt's manifest.json")
    parser.add_argument("workbook", type=Path, help="Excel file that is written")
    asked = parser.parse_args(arguments)
    try:
        content = make_workbook(read_finance(asked.served, asked.manifest))
    except UnreadableMarts as error:
        sys.stderr.write(f"{error}\n")
        return 1
    # Whoever has the old one open keeps a whole file.
    asked.workbook.parent.mkdir(parents=True, exist_ok=True)
    fresh = asked.workbook.with_name(f".{asked.workbook.name}.fresh")
    fresh.write_bytes(content)
    os.replace(fresh, asked.workbook)
    sys.stdout.write(f"Workbook: {asked.workbook}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
