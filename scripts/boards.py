"""Serve the boards over the published file, or render them: boards.py serve|report."""

import argparse
import contextlib
import html
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml
from click.exceptions import Exit
from dbt_charts.cli.main import app
from typer.main import get_command

BOARDS = Path(__file__).resolve().parents[1] / "boards"
# In the order in which people read them.
NAMES = ("overview", "segment", "at-risk", "finance", "budget", "data-health")
# Currencies whose sign dbt Charts knows; others are written with their code.
SIGNED = frozenset("USD EUR GBP JPY CAD AUD CHF SEK NOK DKK INR CNY BRL MXN".split())
# The segmentation that the lists and the budget go by comes first.
PUBLISHED = """
    select
        (
            select currency_code
            from monitoring.publications
            order by published_at desc, generation desc
            limit 1
        ) as currency_code,
        (
            select segmentation
            from monitoring.segmentation_status
            where status <> 'not_available'
            order by
                segmentation in (select segmentation from finance.budget_allocation) desc,
                segmentation in (
                    select segmentation from retention.at_risk_customers
                ) desc,
                customers_scored desc,
                segmentation
            limit 1
        ) as segmentation
"""
LARGEST_SEGMENT = """
    select segment_key
    from core.segments
    where segmentation = ?
    order by is_special, net_revenue_amount desc, segment_key
    limit 1
"""
INDEX = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Boards</title>
<style>body {{ font: 16px/1.6 sans-serif; margin: 3rem; color: #1f2328 }}</style>
<h1>Boards</h1>
<ul>
{items}
</ul>
</html>
"""


class Unpublished(Exception):
    """Nothing can be shown; the message says in a sentence what to do."""


def read_published(served: Path) -> dict[str, str | None]:
    """Read what the boards have to know before they are drawn."""
    if not served.is_file():
        raise Unpublished(
            f"Nothing is published at {served}: run `make publish` first, with the same "
            "WAREHOUSE."
        )
    try:
        with duckdb.connect(str(served), read_only=True) as connection:
            currency, segmentation = connection.execute(PUBLISHED).fetchall()[0]
            segment = connection.execute(LARGEST_SEGMENT, [segmentation]).fetchone()
    except duckdb.Error as error:
        cause = str(error).splitlines()[0]
        raise Unpublished(
            f"{served} cannot be read ({cause}): run `make publish` again."
        ) from error
    return {
        "currency": currency,
        "segmentation": segmentation,
        "segment": segment[0] if segment else None,
    }


def regional(currency: str | None) -> dict[str, Any]:
    """Say how money is written: with the sign of the currency, or else its code."""
    if currency is None:
        return {}
    if currency in SIGNED:
        return {"currency": currency}
    number = {"decimal": ".", "thousands": ",", "grouping": [3]}
    return {"locale": {"number": {**number, "currency": ["", f" {currency}"]}}}


def prepare(served: Path, folder: Path) -> Path:
    """Copy the boards into the folder, with the currency and segments of the file."""
    published = read_published(served)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BOARDS, folder)
    shared = folder / "charts" / "meta.yml"
    content = yaml.safe_load(shared.read_text())
    content["regional"] = regional(published["currency"])
    content["variables"]["segmentation"]["default"] = published["segmentation"]
    shared.write_text(yaml.safe_dump(content, sort_keys=False))
    detail = folder / "charts" / "segment.yml"
    content = yaml.safe_load(detail.read_text())
    content["variables"]["segment"]["default"] = published["segment"]
    detail.write_text(yaml.safe_dump(content, sort_keys=False, width=1000))
    os.environ["SEGMENTATION_SERVED_FILE"] = str(served.resolve())
    return folder


def dct(*arguments: str) -> int:
    """Run dbt Charts in this process: starting it takes longer than drawing."""
    try:
        return get_command(app).main(list(arguments), standalone_mode=False) or 0
    except Exit as error:
        return error.exit_code


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder, and come back."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def report(served: Path, reports: Path) -> int:
    """Write every board as HTML and as PDF, and a page that lists them."""
    reports = reports.resolve()
    reports.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        project = prepare(served, Path(temporary) / "boards")
        boards = [f"charts/{name}.yml" for name in NAMES]
        with inside(project):
            for form in ("html", "pdf"):
                target = str(reports / f"{{stem}}.{form}")
                options = ("--format", form, "--output", target, "--no-cache")
                said = io.StringIO()
                with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
                    failed = dct("render", *boards, *options, "--no-warnings")
                if failed:
                    sys.stderr.write(said.getvalue())
                    return failed
        titles = {
            name: yaml.safe_load((project / f"charts/{name}.yml").read_text())["title"]
            for name in NAMES
        }
    items = "\n".join(
        f'<li><a href="{name}.html">{html.escape(title)}</a> '
        f'(<a href="{name}.pdf">PDF</a>)</li>'
        for name, title in titles.items()
    )
    index = reports / "index.html"
    index.write_text(INDEX.format(items=items))
    print(f"Boards: {index} ({len(NAMES)} boards, HTML and PDF)")
    return 0


def serve(served: Path, port: int) -> int:
    """Serve the boards on this machine until interrupted."""
    project = prepare(served, served.resolve().parent.parent / "boards")
    print(f"Boards: http://127.0.0.1:{port}/{NAMES[0]}/ (stop with Ctrl-C)", flush=True)
    with inside(project):
        return dct("serve", "--host", "127.0.0.1", "--port", str(port), "--no-cache")


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0, or 1 after one sentence about what is wrong."""
    # No report of use leaves the machine.
    os.environ["DO_NOT_TRACK"] = "1"
    parser = argparse.ArgumentParser(prog="boards.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    served = commands.add_parser("serve")
    served.add_argument("file", type=Path, help="the served DuckDB file")
    served.add_argument("--port", type=int, default=8765)
    rendered = commands.add_parser("report")
    rendered.add_argument("file", type=Path, help="the served DuckDB file")
    rendered.add_argument("folder", type=Path, help="where the report is written")
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "serve":
            return serve(asked.file, asked.port)
        return report(asked.file, asked.folder)
    except Unpublished as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
