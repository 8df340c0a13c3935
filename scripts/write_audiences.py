"""Write the files of published audiences, exactly as their manifest says.

Usage: python scripts/write_audiences.py WAREHOUSE_FILE TARGET_FOLDER OUTPUT_FOLDER

The manifest is monitoring.activation_exports. Nothing is written unless the last dbt
command was a whole build that passed all of its tests.
"""

import argparse
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb

from segmentation_serving.builds import check_build
from segmentation_serving.refusal import Refused

HEADER = "email_hash,phone_hash,customer_id_hash\n"
EXPORTS = """
    select audience, change_type, file_path, sha256, row_count, as_of_date::varchar
    from monitoring.activation_exports
    order by audience, change_type
"""
# Sorted by bytes, as the manifest has them.
LINES = """
    select line_text
    from scoring.scored_activation_rows
    where has_key and audience = ? and change_type = ?
    order by line_text
"""
TOTALS = "select members, holdout, without_key from monitoring.audience_status"


def write_audiences(warehouse: Path, folder: Path) -> Path:
    """Write every file of the manifest below a folder of the as-of date.

    The files are compared with the manifest and written beside the folder, which then
    is swapped in as a whole.

    Parameters
    ----------
    warehouse : DuckDB file of a build
    folder : where the folder of the as-of date is put

    Returns
    -------
    The folder of the as-of date.

    Raises
    ------
    Refused
        A name cannot be one of a file, or a content is not what the manifest says.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        exports = connection.execute(EXPORTS).fetchall()
        if not exports:
            raise Refused("The seed audiences declares no audience: there is no file.")
        (as_of_date,) = {row[-1] for row in exports}
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{as_of_date}.", dir=folder))
        try:
            for audience, change_type, file_path, sha256, row_count, _ in exports:
                if not re.fullmatch("[a-z0-9_]+", audience):
                    raise Refused(
                        f"The audience '{audience}' cannot name a folder: small "
                        "letters, digits and underscores do."
                    )
                if file_path != f"{audience}/{change_type}.csv":
                    raise Refused(f"The manifest names a strange path: {file_path}.")
                rows = connection.execute(LINES, [audience, change_type]).fetchall()
                lines = [f"{line}\n" for (line,) in rows]
                content = (HEADER + "".join(lines)).encode()
                found = hashlib.sha256(content).hexdigest()
                if (found, len(rows)) != (sha256, row_count):
                    raise Refused(
                        f"{file_path} would have {len(rows)} rows and SHA-256 {found}, "
                        f"the manifest says {row_count} and {sha256}."
                    )
                _write(fresh / file_path, content)
            _write(fresh / "manifest.csv", _manifest(exports))
            return _swap(fresh, folder / as_of_date)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise


def _manifest(exports: Iterable[tuple]) -> bytes:
    lines = ["audience,change_type,file_path,row_count,sha256\n"]
    for audience, change_type, file_path, sha256, row_count, _ in exports:
        lines.append(f"{audience},{change_type},{file_path},{row_count},{sha256}\n")
    return "".join(lines).encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _swap(fresh: Path, folder: Path) -> Path:
    """Put the fresh folder in the place of one of the same name."""
    # mkdtemp keeps others out; the tool that sends the files may be another user.
    fresh.chmod(0o755)
    if folder.exists():
        with tempfile.TemporaryDirectory(prefix=".old.", dir=folder.parent) as old:
            folder.rename(Path(old) / folder.name)
            fresh.rename(folder)
    else:
        fresh.rename(folder)
    return folder


def main() -> None:
    """Check the last build, write the files and say how many keys they hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("warehouse", type=Path, help="DuckDB file of the build")
    parser.add_argument("target", type=Path, help="folder of dbt's run_results.json")
    parser.add_argument("folder", type=Path, help="folder for the files")
    arguments = parser.parse_args()
    try:
        check_build(arguments.target / "run_results.json", arguments.warehouse)
        written = write_audiences(arguments.warehouse, arguments.folder)
    except Refused as refusal:
        raise SystemExit(f"No audience is written. {refusal}") from None
    with duckdb.connect(str(arguments.warehouse), read_only=True) as connection:
        totals = connection.execute(TOTALS).fetchall()
    members, holdout, without_key = map(sum, zip(*totals, strict=True))
    print(
        f"{written}: {members:,} members of {len(totals)} audiences, of whom "
        f"{holdout:,} are held out and {without_key:,} have no hashed key."
    )


if __name__ == "__main__":
    main()
