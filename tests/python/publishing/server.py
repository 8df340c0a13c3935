"""A PostgreSQL server of its own for the tests, spoken to through a socket."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ..conftest import WITHOUT_SERVER

INSTALL = "scripts/install_system_packages.sh installs it"


def program(name: str) -> str | None:
    """Debian keeps the programs of a server out of the path."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(places[-1]) if places else None)


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server and return the folder of its socket, for PGHOST."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    if not initdb or not pg_ctl:
        pytest.skip(f"{WITHOUT_SERVER}: {INSTALL}")
    # Not below pytest's folders, which are closed to others; and sockets are short.
    folder = Path(tempfile.mkdtemp(prefix="segmentation_pg_"))
    # PostgreSQL refuses to run as root.
    user = {"user": "nobody"} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "nobody")
    data = folder / "data"

    def run(*command: str) -> None:
        with (folder / "output.txt").open("a") as output:
            done = subprocess.run(
                command, stdout=output, stderr=output, cwd=folder, check=False, **user
            )
        assert done.returncode == 0, (folder / "output.txt").read_text()

    try:
        run(initdb, "-D", str(data), "-U", "owner", "-A", "trust", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
        log = str(folder / "log.txt")
        run(pg_ctl, "-D", str(data), "-l", log, "-w", "-o", options, "start")
        try:
            yield str(folder)
        finally:
            run(pg_ctl, "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)
