"""Serve the boards, or write them: python -m segmentation_boards serve|report."""

import argparse
import contextlib
import html
import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from segmentation_boards.paper import cut_into_sheets
from segmentation_boards.project import NAMES, make_project, render, serve, titles
from segmentation_boards.published import Unpublished

PAGE = "index.html"
_INDEX = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Boards</title>
<style>body {{ font: 16px/1.8 sans-serif; margin: 3rem; color: #1f2328 }}</style>
<h1>Boards</h1>
<ul>
{items}
</ul>
</html>
"""
_ITEM = '<li><a href="{name}.html">{title}</a> (<a href="{name}.pdf">PDF</a>)</li>'


def write_report(served: Path, folder: Path) -> int:
    """Write every board as HTML and as PDF, and a page that lists them."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        project = make_project(served, Path(temporary) / "boards")
        for form in ("html", "pdf"):
            said = io.StringIO()
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
                failed = render(project, form, folder)
            if failed:
                sys.stderr.write(said.getvalue())
                return failed
    for name in NAMES:
        pdf = folder / f"{name}.pdf"
        page = (folder / f"{name}.html").read_text()
        pdf.write_bytes(cut_into_sheets(pdf.read_bytes(), page))
    items = "\n".join(
        _ITEM.format(name=name, title=html.escape(title))
        for name, title in titles().items()
    )
    (folder / PAGE).write_text(_INDEX.format(items=items))
    sys.stdout.write(f"Boards: {folder / PAGE} ({len(NAMES)}, as HTML and PDF)\n")
    return 0


def serve_live(served: Path, port: int) -> int:
    """Serve the boards to this machine alone until interrupted."""
    project = make_project(served, served.absolute().parents[1] / "boards")
    sys.stdout.write(f"Boards: http://127.0.0.1:{port}/{NAMES[0]} (stop: Ctrl-C)\n")
    sys.stdout.flush()
    return serve(project, port)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0, or 1 after one sentence about what is wrong."""
    parser = argparse.ArgumentParser(prog="segmentation_boards", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    live = commands.add_parser("serve", help="serve them live")
    live.add_argument("file", type=Path, help="the served DuckDB file")
    live.add_argument("--port", type=int, default=8765)
    written = commands.add_parser("report", help="write them as HTML and PDF")
    written.add_argument("file", type=Path, help="the served DuckDB file")
    written.add_argument("folder", type=Path, help="where they are written")
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "serve":
            return serve_live(asked.file, asked.port)
        return write_report(asked.file, asked.folder)
    except Unpublished as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
