"""Ask for metrics of the served file: what `mf query` does, and no request elsewhere.

Usage: python scripts/query_metrics.py TARGET_FOLDER [ARGUMENT OF mf query ...]

TARGET_FOLDER holds what the build wrote beside the warehouse; the environment variable
SEGMENTATION_WAREHOUSE names the folder of the warehouse.
"""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from dbt_metricflow.cli import main as metricflow

PROJECT = Path(__file__).resolve().parents[1]
MANIFEST = "semantic_manifest.json"


class _NoUpdates:
    """Stands in for the check of a registry that every call of `mf` begins with."""

    def check(self, *_: object) -> None:
        """Find no newer version."""


def main(arguments: Sequence[str]) -> None:
    """Print or write what the metrics are; end in one sentence where nothing is served.

    Parameters
    ----------
    arguments : target folder of dbt, then the arguments of `mf query`
    """
    target, *query = arguments
    warehouse = Path(os.environ.get("SEGMENTATION_WAREHOUSE", "warehouse"))
    served = warehouse.absolute() / "served" / "customer_segmentation.duckdb"
    manifest = Path(target).absolute() / MANIFEST
    for path, remedy in ((manifest, "make build"), (served, "make publish")):
        if not path.exists():
            raise SystemExit(f"{path} is missing: run `{remedy}` first.")
    # MetricFlow looks nowhere else.
    (PROJECT / "target").mkdir(exist_ok=True)
    if manifest != PROJECT / "target" / MANIFEST:
        shutil.copy(manifest, PROJECT / "target" / MANIFEST)
    os.environ.update(
        DBT_TARGET="serve",
        DBT_PROJECT_DIR=str(PROJECT),
        DBT_PROFILES_DIR=str(PROJECT / "profiles"),
        SEGMENTATION_WAREHOUSE=str(warehouse.absolute()),
    )
    metricflow.UpdateChecker = _NoUpdates
    metricflow.cli(["query", *query], prog_name="mf")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(sys.argv[1:])
