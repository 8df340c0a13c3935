"""Serve a build: python -m segmentation_serving COMMAND ...

build            dbt build, with its progress in words; takes dbt's arguments
publish          publish the last build, if it passed
rollback         serve an earlier generation again
export-parquet   write the served generation as Parquet files
postgres         load the served generation into PostgreSQL
"""

import sys
from collections.abc import Sequence
from importlib import import_module

# Imported when asked for: dbt takes seconds, and PostgreSQL's driver is an extra.
COMMANDS = {
    "build": "segmentation_serving.building",
    "publish": "segmentation_serving.commands",
    "rollback": "segmentation_serving.commands",
    "export-parquet": "segmentation_serving.commands",
    "postgres": "segmentation_serving.postgres",
}


def main(arguments: Sequence[str]) -> int:
    """Return 0, or another number after a sentence about what is wrong."""
    command = arguments[0] if arguments else "help"
    if command not in COMMANDS:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        return import_module(COMMANDS[command]).main(arguments)
    except ModuleNotFoundError as error:
        if command != "postgres" or not (error.name or "").startswith("adbc"):
            raise
        sys.stderr.write("The driver is missing: run `make publish-postgres`.\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
