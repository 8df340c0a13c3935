"""A dbt Charts project made for one publication, and dbt Charts run in it."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import yaml
from click.exceptions import Exit
from dbt_charts.cli.main import app
from dbt_charts.core.serve.watcher import FileWatcher
from typer.main import get_command

from segmentation_boards.published import Published, read_published

BOARDS = Path(__file__).resolve().parents[2] / "boards"
# In the order in which people read them.
NAMES = ("overview", "segment", "at-risk", "finance", "budget", "data-health")
# Which filter of which file begins with something that is known only when published.
_FIRST_CHOICES = (
    ("meta", "segmentation"),
    ("segment", "segment"),
    ("budget", "scenario"),
)
# Those whose sign dbt Charts knows; others are written with their code.
_SIGNED = frozenset("USD EUR GBP JPY CAD AUD CHF SEK NOK DKK INR CNY BRL MXN".split())


def make_project(served: Path, folder: Path) -> Path:
    """Copy the boards into a folder and fit them to a served file.

    Raises
    ------
    Unpublished
        The served file cannot be shown.
    """
    published = read_published(served)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BOARDS, folder)
    for name, variable in _FIRST_CHOICES:
        file = folder / "charts" / f"{name}.yml"
        content = yaml.safe_load(file.read_text())
        choice = getattr(published, variable)
        if choice is not None:
            content["variables"][variable]["default"] = choice
        if name == "meta":
            content["regional"] = regional(published)
        file.write_text(yaml.safe_dump(content, sort_keys=False))
    # The source in dbt_charts.yml reads it.
    os.environ["SEGMENTATION_SERVED_FILE"] = str(served.absolute())
    return folder


def regional(published: Published) -> dict[str, Any]:
    """Say how money is written: with the sign of its currency, or else its code."""
    if published.currency is None:
        return {}
    if published.currency in _SIGNED:
        return {"currency": published.currency}
    number = {"decimal": ".", "thousands": ",", "grouping": [3]}
    code = ["", f" {published.currency}"]
    return {"locale": {"number": {**number, "currency": code}}}


def titles() -> dict[str, str]:
    """Title of each board by its name."""
    return {
        name: yaml.safe_load((BOARDS / "charts" / f"{name}.yml").read_text())["title"]
        for name in NAMES
    }


def run(project: Path, *arguments: str) -> int:
    """Run dbt Charts in a project, in this process: starting it takes longest."""
    # Nothing about its use leaves the machine.
    os.environ["DO_NOT_TRACK"] = "1"
    with _inside(project):
        try:
            return get_command(app).main(list(arguments), standalone_mode=False) or 0
        except Exit as error:
            return error.exit_code


def serve(project: Path, port: int) -> int:
    """Serve all boards to this machine alone until interrupted."""
    # A page that waits for edits holds a connection for ever, and a browser grants six
    # to a host: the seventh board would not open. Nobody edits the copy.
    FileWatcher.changes = _no_changes
    options = ("--host", "127.0.0.1", "--port", str(port), "--no-cache")
    return run(project, "serve", *options)


async def _no_changes(watcher: FileWatcher) -> AsyncIterator[None]:
    for change in ():
        yield change


def render(project: Path, form: str, folder: Path) -> int:
    """Draw all boards in one form (html, pdf, data ...) into a folder."""
    boards = [f"charts/{name}.yml" for name in NAMES]
    target = str(folder.resolve() / f"{{stem}}.{form}")
    options = ("--format", form, "--output", target, "--no-cache", "--no-warnings")
    return run(project, "render", *boards, *options)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
