"""Put together the report: pictures and a page, as bytes by file name."""

from typing import NamedTuple

import pandas as pd

from segmentation_reports import findings
from segmentation_reports.candidates import draw_candidates, list_candidates
from segmentation_reports.grids import draw_grid, fill_grid
from segmentation_reports.maps import draw_map, principal_components, word_axis
from segmentation_reports.page import Missing, Picture, Section, Table, write_page
from segmentation_reports.style import Sheet, drawing, looks_of, wrapped
from segmentation_reports.warehouse import MappedCustomers, Marts
from segmentation_reports.words import (
    TIE,
    Vocabulary,
    algorithm_name,
    count_of,
    percent,
)

CHARTS = ("map", "grid", "candidates")
PAGE = "index.html"
_LABEL_LETTERS = 26
_RULES = "rules"
_ORDER = (
    "value",
    "behavioural",
    "demographic",
    "psychographic",
    "geographic",
    "technographic",
    "combined",
)


class Report(NamedTuple):
    """Files of the report by name, and the names of all that a report may hold.

    Of ``possible_names`` those that are not in ``files`` belong to an earlier report.
    """

    files: dict[str, bytes]
    possible_names: frozenset[str]


class _Subject(NamedTuple):
    """One segmentation and all that its pictures need."""

    status: pd.Series
    segments: pd.DataFrame
    marts: Marts
    vocabulary: Vocabulary

    @property
    def name(self) -> str:
        return self.status["segmentation"]

    @property
    def proper(self) -> pd.DataFrame:
        """Segments that are not special, in the natural order of their keys."""
        proper = self.segments[~self.segments["is_special"]]
        order = proper["segment_key"].map(lambda key: (len(key), key))
        if self.status["algorithm"] == _RULES and len(self.marts.rule_names):
            rules = list(self.marts.rule_names["segment_key"])
            places = {key: place for place, key in enumerate(rules)}
            order = proper["segment_key"].map(
                lambda key: (places.get(key, len(rules)), key)
            )
        return proper.loc[order.sort_values(kind="stable").index]

    def rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["segmentation"] == self.name]

    def caption(self, source: str) -> str:
        return (
            f"{self.name.capitalize()} segmentation · {source} · "
            f"as of {self.status['as_of_date']} · "
            f"model{TIE}{self.status['model_version']}"
        )


def make_report(marts: Marts) -> Report:
    """Draw every segmentation.

    Parameters
    ----------
    marts : from ``read_marts``

    Returns
    -------
    Report with 'index.html' and a PNG per picture, named such as 'behavioural_map.png'.
    The same marts give the same bytes.
    """
    vocabulary = Vocabulary(marts.phrases)
    files: dict[str, bytes] = {}
    sections = []
    with drawing():
        for status in _in_order(marts.statuses):
            segments = marts.segments[
                marts.segments["segmentation"] == status["segmentation"]
            ]
            subject = _Subject(status, segments, marts, vocabulary)
            pictures, missing = _draw(subject)
            for picture, png in pictures:
                files[picture.file_name] = png
            sections.append(
                Section(
                    status,
                    _described(marts, status["segmentation"]),
                    findings.summarise(status, segments),
                    tuple(picture for picture, _ in pictures),
                    tuple(missing),
                )
            )
    files[PAGE] = write_page(sections).encode()
    possible = {
        _file_name(name, chart)
        for name in marts.statuses["segmentation"]
        for chart in CHARTS
    }
    return Report(files, frozenset(possible | {PAGE}))


def _in_order(statuses: pd.DataFrame) -> list[pd.Series]:
    rows = [row for _, row in statuses.iterrows()]

    def place(row: pd.Series) -> tuple[int, str]:
        name = row["segmentation"]
        return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)

    return sorted(rows, key=place)


def _described(marts: Marts, segmentation: str) -> str:
    if marts.descriptions.empty:
        return ""
    found = marts.descriptions.set_index("segmentation")["description"]
    return str(found.get(segmentation, ""))


def _file_name(segmentation: str, chart: str) -> str:
    return f"{segmentation}_{chart}.png"


def _draw(subject: _Subject) -> tuple[list[tuple[Picture, bytes]], list[Missing]]:
    if subject.status["status"] == "not_available":
        return [], []
    if subject.proper.empty:
        return [], [Missing("Pictures", "no customer is in a segment")]
    makers = {
        "map": _draw_map,
        "grid": _draw_grid,
        "candidates": _draw_candidates,
    }
    pictures, missing = [], []
    for chart in CHARTS:
        made = makers[chart](subject)
        if isinstance(made, Missing):
            missing.append(made)
        elif made is not None:
            title, reading, sheet, table = made
            name = _file_name(subject.name, chart)
            width, height = sheet.pixels
            picture = Picture(name, title, reading, width, height, table)
            pictures.append((picture, sheet.png()))
    return pictures, missing


def _draw_map(subject: _Subject):
    if subject.status["algorithm"] == _RULES:
        return Missing(
            "Map",
            "the segments come from written rules over scores, not from distances; "
            "the grid shows where the rules cut",
        )
    mapped = subject.marts.mapped_customers.get(subject.name)
    features = list(subject.rows(subject.marts.features)["feature"])
    if mapped is None or len(mapped.coordinates) < 2:
        return Missing(
            "Map", "the file holds no prepared customers (scoring is left out of it)"
        )
    if mapped.coordinates.shape[1] != len(features):
        return Missing("Map", "the prepared customers belong to another model")
    components = principal_components(mapped.coordinates)
    words = tuple(
        word_axis(loadings, mapped.coordinates, features, subject.vocabulary)
        for loadings in components.loadings
    )
    proper = subject.proper
    names = {
        row.segment_key: f"{wrapped(row.segment_name, _LABEL_LETTERS)}\n"
        f"{percent(row.customer_share)}"
        for row in proper.itertuples()
    }
    title = findings.title_map(subject.status["status"], len(proper))
    reading = (
        f"Each point is a customer. The two directions in which customers differ most "
        f"carry {percent(sum(components.variance_shares))} of the variation of "
        f"{count_of(len(features), 'feature')}; what lies apart in the others may "
        "overlap here. Labels: share of all customers."
    )
    sheet = Sheet(title, reading, subject.caption(_say_sample(mapped, names)), 6.2)
    draw_map(
        sheet,
        components,
        words,
        mapped.segment_keys,
        names,
        looks_of(proper["segment_key"]),
    )
    return title, reading, sheet, None


def _say_sample(mapped: MappedCustomers, names: dict[str, str]) -> str:
    drawn = len(mapped.segment_keys)
    said = f"{drawn:,} drawn of {count_of(mapped.eligible_count)} with enough data"
    if drawn == mapped.eligible_count:
        said = f"all {count_of(drawn)} with enough data"
    grey = sum(key not in names for key in mapped.segment_keys)
    return f"{said} · grey crosses: {grey:,} in no segment" if grey else said


def _draw_grid(subject: _Subject):
    if subject.status["algorithm"] != _RULES:
        return None
    cells = fill_grid(subject.marts.grid)
    if not cells:
        return Missing("Grid", "no customer has scores for recency and frequency")
    title = findings.title_grid(subject.segments)
    reading = (
        "Customers by recency and frequency score; darker cells hold more, heavy lines "
        "part the segments. Shares are of all scored customers."
    )
    total = sum(cell.customer_count for cell in cells.values())
    sheet = Sheet(title, reading, subject.caption(count_of(total)), 5.6)
    names = _names(subject)
    draw_grid(sheet, cells, names)
    table = Table(
        ("Recency", "Frequency", "Segment", "Customers", "Share"),
        tuple(
            (
                str(recency),
                str(frequency),
                names.get(cell.segment_key, cell.segment_key)
                + (f" and {cell.segment_count - 1} more" * (cell.segment_count > 1)),
                f"{cell.customer_count:,}",
                percent(cell.customer_count / total),
            )
            for (recency, frequency), cell in cells.items()
        ),
        frozenset({0, 1, 3, 4}),
    )
    return title, reading, sheet, table


def _draw_candidates(subject: _Subject):
    if subject.status["algorithm"] == _RULES:
        return Missing(
            "Candidates", "the rules are given, so that there is no number to choose"
        )
    candidates = list_candidates(subject.rows(subject.marts.candidates))
    if not any(pd.notna(one.stability) for one in candidates):
        return Missing("Candidates", "no candidate could be measured")
    title = findings.title_candidates(candidates, subject.status["status"])
    reading = str(subject.status["reason"])
    tried = count_of(len(candidates), "candidate")
    sheet = Sheet(title, reading, subject.caption(f"{tried} tried"), 5.2)
    draw_candidates(sheet, candidates)
    table = Table(
        ("Algorithm", "Segments", "Stability", "Silhouette", "Why"),
        tuple(
            (
                algorithm_name(row.algorithm),
                str(row.k),
                "" if pd.isna(row.stability) else f"{row.stability:.3f}",
                "" if pd.isna(row.silhouette) else f"{row.silhouette:.3f}",
                row.reason,
            )
            for row in subject.rows(subject.marts.candidates).itertuples()
        ),
        frozenset({1, 2, 3}),
    )
    return title, reading, sheet, table


def _names(subject: _Subject) -> dict[str, str]:
    names = dict(
        zip(
            subject.segments["segment_key"],
            subject.segments["segment_name"],
            strict=True,
        )
    )
    for frame in (subject.marts.rule_names, subject.marts.special_names):
        for row in frame.itertuples():
            names.setdefault(row.segment_key, row.segment_name)
    return names
