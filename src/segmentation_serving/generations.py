"""The folder of the served file: generations, the link to one of them, the journal.

    served/
        customer_segmentation.duckdb -> generations/000007/customer_segmentation.duckdb
        publications.jsonl              one line per publication and rollback
        generations/000007/             the file and its record
        .lock

The link is the truth. Whatever a publication that was killed leaves is either a
generation that nobody was ever shown, which goes, or a link whose line in the journal
is missing, which is added.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from segmentation_serving.builds import wal_of
from segmentation_serving.refusal import Refused

NAME = "customer_segmentation.duckdb"
PUBLISHED, ROLLED_BACK = "published", "rolled_back"


@dataclass(frozen=True)
class Record:
    """A publication or rollback: a row of monitoring.publications.

    Times and dates are texts in ISO form, times in UTC; amounts are texts.
    """

    publication_id: str
    connector: str
    action: str
    git_revision: str
    build_id: str
    currency_code: str | None
    control_totals: str
    generation: int
    tables: int
    total_rows: int
    net_revenue_amount: str | None
    as_of_date: str
    published_at: str

    @property
    def title(self) -> str:
        """The generation in words."""
        return (
            f"generation {self.generation} ({self.connector}, as of {self.as_of_date}, "
            f"published {self.published_at[:16].replace('T', ' ')} UTC)"
        )


@dataclass(frozen=True)
class Served:
    """Where the parts of a folder lie."""

    folder: Path

    @property
    def link(self) -> Path:
        """What readers open."""
        return self.folder / NAME

    @property
    def journal(self) -> Path:
        """Every publication and rollback there was."""
        return self.folder / "publications.jsonl"

    @property
    def generations(self) -> Path:
        """Folder of the kept files."""
        return self.folder / "generations"

    def generation(self, number: int) -> Path:
        """Folder of one generation."""
        return self.generations / f"{number:06}"

    def file(self, number: int) -> Path:
        """File of one generation."""
        return self.generation(number) / NAME

    def kept(self) -> list[int]:
        """Numbers of the generations that are there, ascending."""
        if not self.generations.is_dir():
            return []
        return sorted(
            int(path.name) for path in self.generations.iterdir() if path.name.isdigit()
        )

    def current(self) -> int | None:
        """Return the number of the generation that is served, None before the first.

        Raises
        ------
        Refused
            There is something else in the place of the link.
        """
        if not self.link.is_symlink():
            if self.link.exists():
                raise Refused(
                    f"{self.link} is a file that `make publish` did not make: move it "
                    "away, then publish again."
                )
            return None
        target = Path(os.readlink(self.link))
        if target.parts[:1] != ("generations",) or not target.parent.name.isdigit():
            raise Refused(f"{self.link} leads to {target}: remove the link.")
        return int(target.parent.name)


@contextmanager
def locked(served: Served) -> Iterator[None]:
    """Keep other publications out; the lock goes with the process, however it ends.

    Raises
    ------
    Refused
        Another process publishes.
    """
    served.folder.mkdir(parents=True, exist_ok=True)
    with (served.folder / ".lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise Refused(
                f"Another publication into {served.folder} is running (process "
                f"{holder}): wait until it has ended."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def check_no_wal(served: Served, number: int | None) -> None:
    """Refuse when a write-ahead log lies where DuckDB would read it into the file.

    Raises
    ------
    Refused
        Somebody opened the served file for writing.
    """
    files = [served.link] + ([served.file(number)] if number is not None else [])
    for file in files:
        if wal_of(file).exists():
            raise Refused(
                f"{wal_of(file)} exists: somebody opened the served file for writing, "
                "and DuckDB would read that log into the next one. Move it away, and "
                "let readers open the file read-only."
            )


def read_journal(served: Served) -> list[Record]:
    """Return every publication and rollback, oldest first."""
    if not served.journal.exists():
        return []
    lines = served.journal.read_text().splitlines()
    return [Record(**json.loads(line)) for line in lines]


def read_record(served: Served, number: int) -> Record:
    """Return what was written beside a generation when it was published."""
    return Record(**_read_notes(served, number)["record"])


def _read_notes(served: Served, number: int) -> Mapping[str, Any]:
    return json.loads((served.generation(number) / "publication.json").read_text())


def recover(served: Served) -> list[Record]:
    """Clean up after a publication that was killed; return the whole journal.

    Raises
    ------
    Refused
        There is something else in the place of the link.
    """
    current = served.current()
    journal = read_journal(served)
    if not journal and current is not None:
        # Somebody lost it; each generation knows of itself.
        journal = [read_record(served, number) for number in served.kept()]
    known = {record.generation for record in journal} | {current}
    if served.generations.is_dir():
        for path in served.generations.iterdir():
            is_unknown = path.name.isdigit() and int(path.name) not in known
            if is_unknown or path.name.startswith((".new.", ".old.")):
                remove(path)
    if current is not None and (not journal or journal[-1].generation != current):
        record = read_record(served, current)
        if any(record.generation == line.generation for line in journal):
            swapped_at = datetime.fromtimestamp(served.link.lstat().st_mtime, UTC)
            record = rolled_back(record, swapped_at)
        journal.append(record)
        write_journal(served, journal)
    return journal


def rolled_back(record: Record, at: datetime) -> Record:
    """Return the record of serving a generation again."""
    return replace(
        record,
        publication_id=publication_id(record.generation, at),
        action=ROLLED_BACK,
        published_at=timestamp(at),
    )


def publication_id(generation: int, at: datetime) -> str:
    """Id of a publication, in the order of time."""
    return f"{at:%Y%m%dT%H%M%S}{at.microsecond:06}Z-{generation}"


def timestamp(at: datetime) -> str:
    """Time in UTC as text, without its zone."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def write_journal(served: Served, records: Sequence[Record]) -> None:
    """Replace the journal as a whole."""
    lines = [json.dumps(asdict(record)) + "\n" for record in records]
    _replace_text(served.journal, "".join(lines))


def seal(folder: Path, record: Record) -> None:
    """Make the file of a new generation read-only and write its record beside it."""
    file = folder / NAME
    file.chmod(0o444)
    sync(file)
    notes = {"record": asdict(record), "sha256": sha256(file)}
    _replace_text(folder / "publication.json", json.dumps(notes, indent=1) + "\n")


def check_intact(served: Served, number: int) -> None:
    """Refuse a generation that is not as it was published.

    Raises
    ------
    Refused
        Its file or its record is gone, or somebody changed it.
    """
    try:
        notes = _read_notes(served, number)
        found = sha256(served.file(number))
    except FileNotFoundError as error:
        raise Refused(
            f"{error.filename} is missing: choose another generation of "
            f"{served.kept()}."
        ) from None
    if found != notes["sha256"]:
        raise Refused(
            f"{served.file(number)} is not what was published: choose another "
            f"generation of {served.kept()}."
        )


def serve(served: Served, number: int) -> None:
    """Show a generation to readers, from one moment to the next."""
    fresh = served.folder / f".new.{NAME}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(served.file(number).relative_to(served.folder))
    os.replace(fresh, served.link)
    sync(served.folder)


def prune(served: Served, kept: int) -> list[int]:
    """Remove all but the latest generations and the one that is served.

    Readers that hold one open keep reading it.

    Returns
    -------
    The numbers of those that went.
    """
    numbers = served.kept()
    gone = [number for number in numbers[: -kept or None] if number != served.current()]
    for number in gone:
        remove(served.generation(number))
    return gone


def remove(path: Path) -> None:
    """Remove a folder as if at once: renamed first, it is a generation no more."""
    if path.is_dir() and path.name.isdigit():
        path = path.rename(path.with_name(f".old.{path.name}"))
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def settle(temporary: Path, folder: Path) -> None:
    """Give a finished generation its name."""
    sync(temporary)
    temporary.rename(folder)
    sync(folder.parent)


def sha256(file: Path) -> str:
    """Return the digest of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _replace_text(path: Path, text: str) -> None:
    fresh = path.with_name(f".new.{path.name}")
    with fresh.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file or the entries of a folder are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
