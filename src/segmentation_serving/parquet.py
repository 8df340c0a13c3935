"""The served generation as Parquet files: an export, not something to serve from."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from segmentation_serving.builds import open_to_read, quoted
from segmentation_serving.generations import (
    Record,
    Served,
    check_intact,
    read_record,
    sha256,
    sync,
)
from segmentation_serving.marts import identifier
from segmentation_serving.refusal import Refused

_TABLES = """
    select schema_name, table_name, comment
    from duckdb_tables()
    where database_name = 'served'
    order by all
"""


def export_parquet(served: Served, folder: Path) -> tuple[Path, int]:
    """Write one file per mart, and a manifest, into a folder of the generation.

    Parameters
    ----------
    served : what is published
    folder : where the folder of the generation is put, as <connector>-000007

    Returns
    -------
    The folder of the generation, and how many marts there are. What an earlier export
    of the generation wrote is replaced as a whole.

    Raises
    ------
    Refused
        Nothing is published.
    """
    number = served.current()
    if number is None:
        raise Refused(f"{served.link} is missing: run `make publish` first.")
    check_intact(served, number)
    record = read_record(served, number)
    target = folder / f"{record.connector}-{number:06}"
    fresh = folder / f".new.{target.name}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        files = _write_files(served.file(number), fresh)
        (fresh / "manifest.json").write_text(_manifest(record, files))
        sync(fresh)
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return target, len(files)


def _write_files(file: Path, folder: Path) -> list[dict[str, object]]:
    files: list[dict[str, object]] = []
    with open_to_read(file, "served") as connection:
        for schema, table, comment in connection.execute(_TABLES).fetchall():
            path = folder / schema / f"{table}.parquet"
            path.parent.mkdir(exist_ok=True)
            name = f"served.{identifier(schema)}.{identifier(table)}"
            connection.execute(f"copy {name} to {quoted(str(path))} (format parquet)")
            ((rows,),) = connection.execute(f"select count(*) from {name}").fetchall()
            files.append(
                {
                    "table": f"{schema}.{table}",
                    "file": f"{schema}/{table}.parquet",
                    "description": comment,
                    "rows": rows,
                    "sha256": sha256(path),
                }
            )
    return files


def _manifest(record: Record, files: list[dict[str, object]]) -> str:
    publication = asdict(record)
    publication["control_totals"] = json.loads(record.control_totals)
    return json.dumps({"publication": publication, "files": files}, indent=1) + "\n"
