"""The page that shows all pictures: one static HTML file, no request elsewhere."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import pandas as pd

from segmentation_reports.words import (
    algorithm_name,
    status_name,
)

_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; background: #fff;
  color: #1f2328; font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.25; }
h2 { margin: 0; font-size: 1.35rem; }
h3 { margin: 2rem 0 .25rem; font-size: 1.05rem; }
p { margin: .4rem 0; }
a { color: #0550ae; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0;
  list-style: none; }
section { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 2px solid #d8dee4; }
.quiet { color: #57606a; }
.status { display: inline-block; padding: .1rem .6rem; border: 1px solid #57606a;
  border-radius: 1rem; font-size: .85rem; }
.status.available { border-color: #1a7f37; background: #effbf2; }
.status.no_clear_structure { border-color: #9a6700; background: #fff8e5; }
.status.not_available { border-color: #57606a; background: #f3f4f6; }
.card { padding: .75rem 1rem; border: 1px solid #d8dee4; border-radius: .4rem;
  background: #f6f8fa; }
.lead { font-size: 1.1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .95rem; }
th, td { padding: .25rem .8rem; border-bottom: 1px solid #d8dee4; text-align: left; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
tr.special td { color: #57606a; }
figure { margin: 1.5rem 0; }
summary { margin-top: .4rem; color: #57606a; cursor: pointer; font-size: .95rem; }
img { display: block; width: 100%; height: auto; border: 1px solid #d8dee4;
  border-radius: .4rem; }
@media print { section { break-before: page; } figure { break-inside: avoid; } }
"""


class Table(NamedTuple):
    """The numbers of a picture: heads of the columns, and rows of texts.

    ``number_columns`` are the places of the columns that hold numbers.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    number_columns: frozenset[int]


class Picture(NamedTuple):
    """A picture by its file name, with its finding, how to read it, and its pixels.

    ``table`` holds its numbers, where it has so few that somebody would read them.
    """

    file_name: str
    title: str
    reading: str
    width: int
    height: int
    table: Table | None = None


class Missing(NamedTuple):
    """A picture that is not there, and why."""

    chart: str
    reason: str


class Section(NamedTuple):
    """What the page says of one segmentation.

    ``status`` is its row of monitoring.segmentation_status.
    """

    status: pd.Series
    description: str
    summary: str
    pictures: tuple[Picture, ...]
    missing: tuple[Missing, ...]


def write_page(sections: Sequence[Section]) -> str:
    """Write the page as HTML.

    Parameters
    ----------
    sections : one per segmentation, in the order to show
    """
    dates = sorted({section.status["as_of_date"] for section in sections})
    links = "\n".join(
        f'<li><a href="#{_text(section.status["segmentation"])}">'
        f"{_text(section.status['segmentation'].capitalize())}</a></li>"
        for section in sections
    )
    body = "\n".join(_section(section) for section in sections)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>How the segments were found, as of {_text(", ".join(dates))}</title>
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1>How the segments were found</h1>
<p class="quiet">As of {_text(", ".join(dates))}. Made from the warehouse of a build;
docs/boards.md says how to read the pictures, boards show what they are worth.</p>
<nav aria-label="Segmentations"><ul>
{links}
</ul></nav>
</header>
<main>
{body}
</main>
</body>
</html>
"""


def _section(section: Section) -> str:
    status = section.status
    name = status["segmentation"]
    parts = [
        f'<section id="{_text(name)}">',
        f"<h2>{_text(name.capitalize())}</h2>",
        f'<p class="quiet">{_text(section.description)}</p>'
        if section.description
        else "",
        f'<p><span class="status {_text(status["status"])}">'
        f"{_text(status_name(status['status']))}</span></p>",
    ]
    if status["status"] == "not_available":
        parts.append(f'<p class="card">{_text(section.summary)}</p>')
    else:
        parts += [
            f'<p class="lead">{_text(section.summary)}</p>',
            f"<p>{_text(status['reason'])}</p>",
        ]
    parts.append(f'<p class="quiet">{_text(_origin(status))}</p>')
    parts += [_figure(picture) for picture in section.pictures]
    if section.missing:
        parts.append('<div class="card">')
        parts += [
            f"<p><strong>No {_text(missing.chart.lower())}:</strong> "
            f"{_text(missing.reason)}.</p>"
            for missing in section.missing
        ]
        parts.append("</div>")
    parts.append("</section>")
    return "\n".join(part for part in parts if part)


def _origin(status: pd.Series) -> str:
    said = f"As of {status['as_of_date']}"
    if status["status"] != "not_available":
        said += f", by {algorithm_name(status['algorithm'])}"
    return f"{said}, model version {status['model_version']}."


def _figure(picture: Picture) -> str:
    return (
        f'<figure><img src="{_text(picture.file_name)}" width="{picture.width}" '
        f'height="{picture.height}" loading="lazy" '
        f'alt="{_text(f"{picture.title}. {picture.reading}")}">'
        f"{_numbers(picture.table) if picture.table else ''}</figure>"
    )


def _numbers(table: Table) -> str:
    kinds = [
        ' class="number"' if place in table.number_columns else ""
        for place in range(len(table.heads))
    ]
    heads = "".join(
        f'<th scope="col"{kind}>{_text(head)}</th>'
        for head, kind in zip(table.heads, kinds, strict=True)
    )
    rows = "\n".join(
        "<tr>"
        + "".join(
            f"<td{kind}>{_text(text)}</td>"
            for text, kind in zip(row, kinds, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    return f"""
<details><summary>The numbers</summary><div class="wide"><table>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody></table></div></details>"""


def _text(text: str) -> str:
    return escape(str(text), quote=True)
