"""Put together the report: pictures and a page, as bytes by file name."""

from typing import NamedTuple

import pandas as pd

from segmentation_reports import findings
from segmentation_reports.candidates import draw_candidates, list_candidates
from segmentation_reports.grids import draw_grid, fill_grid
from segmentation_reports.maps import draw_map, principal_components, word_axis
from segmentation_reports.migrations import (
    ARRIVED,
    NO_SEGMENT,
    Flows,
    count_flows,
    draw_flows,
)
from segmentation_reports.migrations import height_of as height_of_flows
from segmentation_reports.page import Missing, Picture, Section, Table, write_page
from segmentation_reports.profiles import (
    draw_profiles,
    features_shown,
    find_differences,
)
from segmentation_reports.profiles import height_of as height_of_profiles
from segmentation_reports.style import Sheet, drawing, looks_of, wrapped
from segmentation_reports.warehouse import MappedCustomers, Marts
from segmentation_reports.words import (
    TIE,
    Vocabulary,
    algorithm_name,
    count_of,
    months_of,
    percent,
    signed,
)

CHARTS = ("map", "grid", "profiles", "migrations", "candidates")
PAGE = "index.html"
_LABEL_LETTERS = 26
_RULES = "rules"
# Where the warehouse does not name them: the seed special_segments.
_SPECIAL_KEYS = frozenset(
    {"too_new", "no_purchase", "no_data", "outlier", "guest", "unmatched"}
)
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
                    segments,
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
        "profiles": _draw_profiles,
        "migrations": _draw_migrations,
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


def _draw_profiles(subject: _Subject):
    profiles = subject.rows(subject.marts.profiles)
    used = set(subject.rows(subject.marts.features)["feature"])
    is_learned = subject.status["algorithm"] != _RULES
    keys = list(subject.proper["segment_key"])
    differences = {}
    for key in keys:
        shown = find_differences(
            profiles[profiles["segment_key"] == key],
            # Rules look at scores, so that no feature is marked as unused.
            used if is_learned else set(profiles["feature"]),
            subject.vocabulary,
            str(subject.proper["currency_code"].iloc[0]),
            features_shown(len(keys)),
        )
        if shown:
            differences[key] = shown
    if not differences:
        return Missing("Profiles", "no feature is known of the segments")
    names = {
        row.segment_key: f"{row.segment_name}  ({count_of(row.customer_count)})"
        for row in subject.proper.itertuples()
    }
    title = findings.title_profiles(differences, _names(subject))
    reading = (
        "What sets each segment apart, the largest difference first; bars to the right "
        "are above the mean of all customers."
    )
    if is_learned:
        reading += " Hatched: known, but the model does not look at it."
    sheet = Sheet(
        title,
        reading,
        subject.caption("means of the customers of whom the feature is known"),
        height_of_profiles(differences),
    )
    draw_profiles(sheet, differences, names, looks_of(keys))
    table = Table(
        ("Segment", "Feature", "Unit", "Segment mean", "Everybody", "Difference (sd)"),
        tuple(
            (
                _names(subject)[key],
                row.words,
                row.unit,
                row.segment_mean,
                row.population_mean,
                signed(row.difference),
            )
            for key, shown in differences.items()
            for row in shown
        ),
        frozenset({3, 4, 5}),
    )
    return title, reading, sheet, table


def _draw_migrations(subject: _Subject):
    rows = subject.rows(subject.marts.migrations)
    if rows.empty:
        return Missing("Migrations", "there are no two months to compare yet")
    flows = count_flows(
        rows, list(subject.proper["segment_key"]), _special_keys(subject)
    )
    if not flows.counts.to_numpy().sum():
        return Missing("Migrations", "nobody was in a segment in the last two months")
    names = _flow_names(subject, flows)
    months = months_of(flows.month_on)
    title = findings.title_flows(flows, months[1])
    reading = findings.describe_moves(flows, names)
    outside = (
        f"not drawn: {count_of(flows.staying_without_count)} in no segment in both "
        "months"
        if flows.staying_without_count
        else "every customer is drawn"
    )
    sheet = Sheet(
        title,
        reading,
        subject.caption(outside),
        height_of_flows(flows),
    )
    draw_flows(sheet, flows, months, names, looks_of(subject.proper["segment_key"]))
    table = Table(
        (months[0], months[1], "Customers"),
        tuple(
            (names[left], names[entered], f"{flows.counts.loc[left, entered]:,}")
            for left in flows.counts.index
            for entered in flows.counts.columns
            if flows.counts.loc[left, entered]
        ),
        frozenset({2}),
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


def _special_keys(subject: _Subject) -> set[str]:
    segments = subject.marts.segments
    named = set(segments.loc[segments["is_special"], "segment_key"])
    if len(subject.marts.special_names):
        named |= set(subject.marts.special_names["segment_key"])
    return named | _SPECIAL_KEYS


def _flow_names(subject: _Subject, flows: Flows) -> dict[str, str]:
    names = _names(subject)
    return {
        **{key: names.get(key, f"{key} (gone)") for key in flows.counts.index},
        ARRIVED: "Not there before",
        NO_SEGMENT: "In no segment",
    }
