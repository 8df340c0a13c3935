"""Boards on paper: one long page cut into sheets of A4, never through a chart."""

import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    StreamObject,
)

# A4 on its side, and what stays white above and below, in points.
WIDTH = 841.89
HEIGHT = 595.28
MARGIN = 12.0

_SHIFT = re.compile(r"translate\(\s*[-\d.]+[ ,]+([-\d.]+)\s*\)")


def spans_of(page: str) -> list[tuple[float, float]]:
    """Find from where to where each chart of a rendered HTML page reaches.

    Parameters
    ----------
    page : HTML as dbt Charts renders it, which holds the board as one SVG

    Returns
    -------
    Top and bottom of each chart, in pixels from the top of the board.
    """
    spans: list[tuple[float, float]] = []

    def visit(element: ElementTree.Element, top: float) -> None:
        shift = _SHIFT.match(element.get("transform", ""))
        top += float(shift.group(1)) if shift else 0.0
        if "dbt-chart" in element.get("class", "").split():
            spans.append((top, top + float(element.get("data-chart-height", 0))))
            return
        for child in element:
            visit(child, top)

    visit(ElementTree.fromstring(_board(page)), 0.0)
    return sorted(spans)


def _board(page: str) -> str:
    """Cut the SVG of the board, which holds others, out of its page."""
    start = page.index("<svg", page.index("<body"))
    while "data-rendered-at" not in page[start : page.index(">", start)]:
        start = page.index("<svg", start + 1)
    depth = 0
    for tag in re.finditer(r"<svg\b|</svg>", page[start:]):
        depth += 1 if tag.group() == "<svg" else -1
        if depth == 0:
            return page[start : start + tag.end()]
    raise ValueError("the page holds no complete board")


def cuts_of(
    spans: Sequence[tuple[float, float]], height: float, most: float
) -> list[float]:
    """Choose where to cut, from top to bottom, so that no sheet is higher than it may.

    Parameters
    ----------
    spans : top and bottom of each chart
    height : of the whole board
    most : height of a sheet; a chart that is higher gets a higher one of its own

    Returns
    -------
    The bottom of each sheet, the last one being the height of the board.
    """
    allowed = sorted(
        {
            bottom
            for _, bottom in spans
            if not any(top < bottom - 1 and bottom + 1 < end for top, end in spans)
        }
        | {height}
    )
    cuts: list[float] = []
    top = 0.0
    while top < height:
        fitting = [cut for cut in allowed if top < cut <= top + most]
        top = fitting[-1] if fitting else min(cut for cut in allowed if cut > top)
        cuts.append(top)
    return cuts


def cut_into_sheets(pdf: bytes, page: str) -> bytes:
    """Lay a board of one long page on sheets of A4.

    Parameters
    ----------
    pdf : the board as dbt Charts renders it, of one page
    page : the same board as HTML, which tells where its charts lie
    """
    board = PdfReader(io.BytesIO(pdf)).pages[0]
    width, height = float(board.mediabox.width), float(board.mediabox.height)
    most = (HEIGHT - 2 * MARGIN) * width / WIDTH
    writer = PdfWriter()
    drawing = writer._add_object(_as_form(board, writer))
    top = 0.0
    for bottom in cuts_of(spans_of(page), height, most):
        scale = min(WIDTH / width, (HEIGHT - 2 * MARGIN) / (bottom - top))
        aside = (WIDTH - width * scale) / 2
        up = HEIGHT - MARGIN - (height - top) * scale
        content = DecodedStreamObject()
        # Scaled and moved into place; only what lies between the cuts is drawn.
        content.set_data(
            f"q {scale:.6f} 0 0 {scale:.6f} {aside:.3f} {up:.3f} cm "
            f"0 {height - bottom:.3f} {width:.3f} {bottom - top:.3f} re W n "
            "/Board Do Q".encode()
        )
        sheet = writer.add_blank_page(WIDTH, HEIGHT)
        sheet[NameObject("/Contents")] = writer._add_object(content)
        boards = DictionaryObject({NameObject("/Board"): drawing})
        sheet[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/XObject"): boards}
        )
        top = bottom
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _as_form(board: PageObject, writer: PdfWriter) -> StreamObject:
    """Make a page a drawing that sheets can show parts of, stored once."""
    form = DecodedStreamObject()
    form.set_data(board.get_contents().get_data())
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = board.mediabox.clone(writer)
    for part in ("/Resources", "/Group"):
        if part in board:
            form[NameObject(part)] = board[part].clone(writer)
    return form.flate_encode()
