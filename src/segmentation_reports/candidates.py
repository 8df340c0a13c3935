"""The candidates: how stable and how apart each number of segments is."""

import re
from typing import NamedTuple

import pandas as pd

from segmentation_reports.style import (
    FAINT,
    INK,
    MARKERS,
    PALETTE,
    QUIET,
    Look,
    Sheet,
    bare,
    halo,
    key_of,
    wrapped,
)
from segmentation_reports.words import algorithm_name

# As in segmentation.candidates, below which no structure is called clear.
SMALLEST_STABILITY = 0.80
ALGORITHMS = ("kmeans", "ward", "hdbscan", "gaussian_mixture")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_UNSTABLE = f"half samples agree with less than {SMALLEST_STABILITY:.2f}"
_REASONS = (
    ("Refused: the smallest segment", "its smallest segment is too small"),
    ("half samples agree with", _UNSTABLE),
    ("recurs with", "a segment recurs too rarely in half samples"),
    ("run into each other", "two neighbouring segments run into each other"),
    ("passes every check too", "passes every check, but another comes first"),
)


class Candidate(NamedTuple):
    """One candidate with the first reason why it was not taken, in short.

    ``reason`` is empty for the chosen one.
    """

    algorithm: str
    segment_count: int
    stability: float
    silhouette: float
    is_chosen: bool
    reason: str

    @property
    def is_told_by_place(self) -> bool:
        """Whether the line of stability alone says why it was not taken."""
        return self.reason == _UNSTABLE and self.stability < SMALLEST_STABILITY


def list_candidates(rows: pd.DataFrame) -> list[Candidate]:
    """List the candidates, of each algorithm from few to many segments.

    Parameters
    ----------
    rows : rows of monitoring.segment_model_candidates of one segmentation
    """
    return [
        Candidate(
            row.algorithm,
            int(row.k),
            float(row.stability),
            float(row.silhouette),
            bool(row.is_chosen),
            "" if row.is_chosen else shorten(row.reason),
        )
        for row in rows.sort_values(["algorithm", "k"]).itertuples()
    ]


def shorten(reason: str) -> str:
    """Put a reason of segment_model_candidates so that equal ones read the same."""
    for part, short in _REASONS:
        if part in reason:
            return short
    plain = re.sub(r"^(Not taken|Refused): ", "", reason).rstrip(".")
    return plain[:1].lower() + plain[1:]


def letter_reasons(candidates: list[Candidate]) -> dict[str, str]:
    """Give a letter to each reason that the place in the picture does not tell."""
    reasons = sorted(
        {
            candidate.reason
            for candidate in candidates
            if candidate.reason
            and not candidate.is_told_by_place
            and pd.notna(candidate.stability)
        }
    )
    return dict(zip(reasons, _LETTERS, strict=False))


def draw_candidates(sheet: Sheet, candidates: list[Candidate]) -> None:
    """Draw stability above silhouette, a line per algorithm.

    Parameters
    ----------
    sheet : to draw on, 5 inches high
    candidates : at least one with a stability
    """
    height, width = sheet.plot_height, 5.0
    room = height - 1.35
    silhouette = sheet.axes(0.85, 0.45, width, 0.3 * room)
    stability = sheet.axes(0.85, 1.05 + 0.3 * room, width, 0.7 * room)
    looks = {
        algorithm: Look(PALETTE[place % len(PALETTE)], MARKERS[place % len(MARKERS)])
        for place, algorithm in enumerate(
            [
                *ALGORITHMS,
                *sorted({one.algorithm for one in candidates} - {*ALGORITHMS}),
            ]
        )
    }
    drawn = [one for one in candidates if pd.notna(one.stability)]
    letters = letter_reasons(candidates)
    for axes, measure in ((stability, "stability"), (silhouette, "silhouette")):
        _draw_lines(axes, drawn, measure, looks)
        counts = sorted({one.segment_count for one in drawn})
        axes.set_xticks(counts)
        axes.set_xlim(counts[0] - 0.5, counts[-1] + 0.5)
        axes.grid(axis="y", color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=8.5)
    stability.set_ylim(0, 1.04)
    stability.axhline(SMALLEST_STABILITY, color=INK, linewidth=1, linestyle=(0, (5, 3)))
    stability.text(
        0.995,
        SMALLEST_STABILITY + 0.012,
        f"{SMALLEST_STABILITY:.2f}: stable from here",
        transform=stability.get_yaxis_transform(),
        ha="right",
        fontsize=8,
        path_effects=halo(),
    )
    stability.set_title("Stability: how far half samples agree", **_HEADS)
    silhouette.set_title("Silhouette: how far apart the segments lie", **_HEADS)
    silhouette.set_xlabel("number of segments")
    highest = max([one.silhouette for one in drawn if pd.notna(one.silhouette)] or [1])
    silhouette.set_ylim(min(0, silhouette.get_ylim()[0]), 1.25 * max(highest, 0.02))
    _annotate(stability, drawn, letters, looks)
    _legend(sheet, candidates, letters, looks)


_HEADS = {"loc": "left", "fontsize": 9, "color": QUIET, "pad": 5}


def _draw_lines(axes, candidates, measure, looks) -> None:
    for algorithm, look in looks.items():
        row = [one for one in candidates if one.algorithm == algorithm]
        if not row:
            continue
        x = [one.segment_count + _dodge(one.algorithm, looks) for one in row]
        y = [getattr(one, measure) for one in row]
        axes.plot(x, y, color=look.colour, linewidth=1, alpha=0.55)
        for one, across, along in zip(row, x, y, strict=True):
            axes.plot(
                [across],
                [along],
                marker=look.marker,
                markersize=9.5 if one.is_chosen else 6.5,
                markerfacecolor=look.colour if one.is_chosen else "white",
                markeredgecolor=look.colour,
                markeredgewidth=1.3,
                zorder=6 if one.is_chosen else 4,
            )


def _dodge(algorithm: str, looks) -> float:
    """Shift along the axis, so that equal candidates do not cover each other."""
    return 0.14 * (list(looks).index(algorithm) - (len(looks) - 1) / 2)


def _annotate(axes, candidates, letters, looks) -> None:
    for one in candidates:
        across = one.segment_count + _dodge(one.algorithm, looks)
        if one.is_chosen:
            is_high = one.stability > 0.9
            axes.annotate(
                "chosen",
                (across, one.stability),
                (9, -3 if is_high else 8),
                textcoords="offset points",
                weight="bold",
                va="center" if is_high else "bottom",
                path_effects=halo(),
                zorder=8,
            )
        elif one.reason in letters and not one.is_told_by_place:
            axes.annotate(
                letters[one.reason],
                (across, one.stability),
                (0, 5),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=8,
                path_effects=halo(),
                zorder=8,
            )


def _legend(sheet, candidates, letters, looks) -> None:
    axes = sheet.axes(6.1, 0, 2.7, sheet.plot_height - 0.2)
    bare(axes)
    axes.set_xlim(0, 2.7)
    axes.set_ylim(sheet.plot_height - 0.2, 0)
    shown = {one.algorithm for one in candidates if pd.notna(one.stability)}
    handles = [
        key_of(look, algorithm_name(algorithm), is_filled=False)
        for algorithm, look in looks.items()
        if algorithm in shown
    ]
    handles.append(key_of(Look(INK, "o"), "filled: chosen"))
    handles.append(key_of(Look(INK, "o"), "hollow: not taken", is_filled=False))
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0, 1),
        frameon=False,
        fontsize=8.5,
        borderaxespad=0,
        handletextpad=0.3,
    )
    lines = ["Why not"]
    untaken = [one for one in candidates if not one.is_chosen]
    told = sum(one.is_told_by_place for one in untaken)
    if told:
        lines.append(f"{told} below the line: {_UNSTABLE}")
    for reason, letter in letters.items():
        count = sum(
            one.reason == reason
            and not one.is_told_by_place
            and pd.notna(one.stability)
            for one in untaken
        )
        lines.append(f"{letter} ({count}): {reason}")
    for one in untaken:
        if pd.isna(one.stability):
            lines.append(f"{algorithm_name(one.algorithm)}, not drawn: {one.reason}")
    top = 0.2 + 0.205 * len(handles)
    for number, line in enumerate(lines):
        text = wrapped(line, 37)
        axes.text(
            0.05,
            top,
            text,
            fontsize=8.5,
            va="top",
            weight="normal" if number else "bold",
            color=INK,
            linespacing=1.15,
        )
        top += 0.16 * (text.count("\n") + 1) + 0.07
