"""Write the restricted offers of the last build, for those who treat the patients.

Usage: python scripts/write_care_plans.py WAREHOUSE_FILE TARGET_FOLDER OUTPUT_FOLDER

care.care_plan_offers is in nothing that is published. Nothing is written unless the
last dbt command was a whole build that passed all of its tests.
"""

import argparse
import os
from pathlib import Path

import duckdb

from segmentation_serving.builds import check_build
from segmentation_serving.refusal import Refused

OFFERS = """
    select * from care.care_plan_offers order by customer_id, purpose, offer_rank
"""


def write_care_plans(warehouse: Path, folder: Path) -> Path:
    """Write care_plan_offers.csv into a folder that only its owner may open.

    Parameters
    ----------
    warehouse : DuckDB file of a build
    folder : made where it is missing, with mode 0700; the file has mode 0600

    Returns
    -------
    The file.

    Raises
    ------
    Refused
        The build has no restricted offers, or others may open the folder.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        offers = connection.execute(OFFERS).df()
    if offers.empty:
        raise Refused(
            "care.care_plan_offers is empty: restricted_offer_types names no type, or "
            "nobody may be offered one."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise Refused(
            f"Others may open {folder}: chmod 700 it, or name another folder."
        )
    path = folder / "care_plan_offers.csv"
    fresh = folder / ".care_plan_offers.csv"
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        offers.to_csv(file, index=False, lineterminator="\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return path


def main() -> None:
    """Check the last build, write the file and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("warehouse", type=Path, help="DuckDB file of the build")
    parser.add_argument("target", type=Path, help="folder of dbt's run_results.json")
    parser.add_argument("folder", type=Path, help="folder for the file")
    arguments = parser.parse_args()
    try:
        check_build(arguments.target / "run_results.json", arguments.warehouse)
        path = write_care_plans(arguments.warehouse, arguments.folder)
    except Refused as refusal:
        raise SystemExit(f"No care plan is written. {refusal}") from None
    lines = path.read_text(encoding="utf-8").count("\n") - 1
    print(f"{path}: {lines:,} offers, readable by you alone.")


if __name__ == "__main__":
    main()
