"""Hand the salt of hashed identifiers to DuckDB, past every file that dbt writes."""

import os

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

ENVIRONMENT = "SEGMENTATION_SALT"
VARIABLE = "identifier_salt"


class Plugin(BasePlugin):
    """Set the DuckDB variable that the macro ``salted_hash`` reads."""

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        """Set the variable, which DuckDB keeps for one cursor only."""
        salt = os.environ.get(ENVIRONMENT, "").replace("'", "''")
        if salt:
            cursor.execute(f"set variable {VARIABLE} = '{salt}'")
