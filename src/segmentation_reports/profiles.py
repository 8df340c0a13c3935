"""The profile bars: in what each segment differs from all customers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from segmentation_reports.style import FAINT, INK, QUIET, Look, Sheet, bare
from segmentation_reports.words import (
    Vocabulary,
    capitalised,
    measured,
    signed,
    unit_name,
)

_FEW_SEGMENTS = 6
_FEATURES_OF_FEW = 6
_FEATURES_OF_MANY = 4
_ROW = 0.235
_HEAD = 0.34
_SCALE = 0.45
_COLUMN_HEADS = 0.3
_SAME = 1e-9


class Difference(NamedTuple):
    """A feature in which a segment differs, as it is shown.

    ``difference`` counts standard deviations; ``unit`` is empty where it goes without
    saying; ``is_used`` tells whether the model looks at the feature.
    """

    words: str
    segment_mean: str
    population_mean: str
    unit: str
    difference: float
    is_used: bool


def features_shown(segment_count: int) -> int:
    """How many features each segment gets, so that the picture fits a page."""
    return _FEATURES_OF_FEW if segment_count <= _FEW_SEGMENTS else _FEATURES_OF_MANY


def find_differences(
    profile: pd.DataFrame,
    used_features: Sequence[str],
    vocabulary: Vocabulary,
    currency: str,
    most: int,
) -> list[Difference]:
    """Find what is most telling of one segment.

    Parameters
    ----------
    profile : rows of core.segment_profiles of one segment, the largest difference first
    used_features : that the model looks at
    vocabulary : words of the features
    currency : of amounts
    most : features to return at most

    Notes
    -----
    A level and its opposite (married, unmarried) differ by the same in opposite
    directions; of two such features the one above the mean is told.
    """
    rows = list(profile.itertuples())
    chosen: list = []
    for row in rows:
        mirrors = [
            place
            for place, other in enumerate(chosen)
            if abs(row.standardised_difference + other.standardised_difference) < _SAME
            and abs(row.segment_mean + other.segment_mean - 1) < _SAME
        ]
        if not mirrors:
            chosen.append(row)
        elif row.standardised_difference > 0:
            chosen[mirrors[0]] = row
    return [
        Difference(
            vocabulary.say(row.feature, row.standardised_difference),
            measured(row.segment_mean, vocabulary.of(row.feature).unit),
            measured(row.population_mean, vocabulary.of(row.feature).unit),
            unit_name(vocabulary.of(row.feature).unit, currency),
            float(row.standardised_difference),
            row.feature in used_features,
        )
        for row in chosen[:most]
    ]


def height_of(differences: Mapping[str, Sequence[Difference]]) -> float:
    """Inches that the panels need."""
    rows = sum(len(shown) for shown in differences.values())
    return rows * _ROW + len(differences) * _HEAD + _SCALE + _COLUMN_HEADS


def draw_profiles(
    sheet: Sheet,
    differences: Mapping[str, Sequence[Difference]],
    names: Mapping[str, str],
    looks: Mapping[str, Look],
) -> None:
    """Draw a panel of bars per segment, all on one scale.

    Parameters
    ----------
    sheet : to draw on, ``height_of`` inches high
    differences : by segment key, in the order of the panels
    names : heading of each panel
    looks : look of each segment
    """
    reach = 1.35 * max(
        (abs(row.difference) for shown in differences.values() for row in shown),
        default=1.0,
    )
    left, width = 3.3, 3.6
    top = sheet.plot_height - _COLUMN_HEADS
    last = list(differences)[-1]
    header = sheet.axes(0, 0, 9.0, sheet.plot_height)
    bare(header)
    header.set_xlim(0, 9.0)
    header.set_ylim(0, sheet.plot_height)
    columns = {"fontsize": 8, "color": QUIET, "ha": "right", "va": "bottom"}
    header.text(7.8, top + 0.03, "segment", **columns)
    header.text(8.7, top + 0.03, "everybody", **columns)
    for key, shown in differences.items():
        look = looks[key]
        header.plot(
            [0.38],
            [top - 0.13],
            marker=look.marker,
            color=look.colour,
            markersize=8,
        )
        header.text(
            0.55, top - 0.13, names[key], weight="bold", fontsize=10, va="center"
        )
        height = len(shown) * _ROW
        axes = sheet.axes(left, top - _HEAD + 0.06 - height, width, height)
        axes.set_xlim(-reach, reach)
        axes.set_ylim(len(shown) - 0.5, -0.5)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.axvline(0, color=QUIET, linewidth=0.8)
        for place, row in enumerate(shown):
            axes.barh(
                place,
                row.difference,
                height=0.66,
                color=look.colour if row.is_used else "white",
                edgecolor=look.colour,
                linewidth=1,
                hatch=None if row.is_used else "////",
            )
            end = row.difference + (0.03 if row.difference >= 0 else -0.03) * reach
            axes.text(
                end,
                place,
                signed(row.difference),
                fontsize=8,
                color=INK,
                va="center",
                ha="left" if row.difference >= 0 else "right",
            )
            middle = top - _HEAD + 0.06 - (place + 0.5) * _ROW
            words = capitalised(row.words) + (f" ({row.unit})" if row.unit else "")
            header.text(left - 0.1, middle, words, ha="right", va="center")
            header.text(7.8, middle, row.segment_mean, ha="right", va="center")
            header.text(
                8.7, middle, row.population_mean, color=QUIET, ha="right", va="center"
            )
        top -= _HEAD + height
        if key != last:
            header.plot([0.3, 8.7], [top, top], color=FAINT, linewidth=0.6)
    scale = sheet.axes(left, 0.42, width, 0.01)
    scale.set_xlim(-reach, reach)
    scale.set_yticks([])
    scale.spines["left"].set_visible(False)
    scale.set_xlabel("standard deviations from the mean of all customers", fontsize=8)
    scale.tick_params(labelsize=8)
