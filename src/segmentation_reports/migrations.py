"""The migration flow: who moved where between the last two months."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from segmentation_reports.placement import spread
from segmentation_reports.style import (
    BLUES,
    FAINT,
    INK,
    PAPER,
    QUIET,
    SPECIAL,
    Look,
    Sheet,
    bare,
    look_of,
    wrapped,
)

# As core.segment_migrations calls those who were not there before.
ARRIVED = "new"
NO_SEGMENT = "no_segment"
MOST_FLOWING_SEGMENTS = 8
_SHORT_NAME = 20
_NODE = 0.14


class Flows(NamedTuple):
    """Customers by where they were and where they are.

    ``counts`` is a DataFrame of counts with one row per segment left (also ``ARRIVED``:
    not there before) and one column per segment entered; special segments are one,
    ``no_segment``. ``staying_without_count`` counts those who are in no segment in both
    months; they are not in ``counts``. ``month_on`` is the first day of the later
    month.
    """

    counts: pd.DataFrame
    staying_without_count: int
    month_on: str

    @property
    def compared_count(self) -> int:
        """Customers who were in a segment in the month before."""
        return int(self.counts.drop(index=[ARRIVED, NO_SEGMENT]).to_numpy().sum())

    @property
    def stayed_count(self) -> int:
        """Customers who are in the segment they were in."""
        kept = [key for key in self.counts.index if key not in (ARRIVED, NO_SEGMENT)]
        return int(sum(self.counts.loc[key, key] for key in kept))

    def moves(self) -> list[tuple[str, str, int]]:
        """Moves from segment to segment, the largest first."""
        kept = [key for key in self.counts.index if key not in (ARRIVED, NO_SEGMENT)]
        found = [
            (left, entered, int(self.counts.loc[left, entered]))
            for left in kept
            for entered in kept
            if left != entered and self.counts.loc[left, entered] > 0
        ]
        return sorted(found, key=lambda move: (-move[2], move[0], move[1]))


def count_flows(
    migrations: pd.DataFrame,
    segment_keys: Sequence[str],
    special_keys: Collection[str],
) -> Flows:
    """Count who went where in the last month of the migrations.

    Parameters
    ----------
    migrations : rows of core.segment_migrations of one segmentation and month
    segment_keys : segments of today in the order to show; segments that exist no more
        follow them
    special_keys : keys that stand for being in no segment, such as no_data

    Raises
    ------
    ValueError
        There are no rows, or rows of several months.
    """
    if migrations["month_on"].nunique() != 1:
        raise ValueError("flows are counted for exactly one month")
    seen = {*migrations["from_segment_key"], *migrations["to_segment_key"]}
    retired = sorted(seen - {*segment_keys, *special_keys, ARRIVED})
    known = [*segment_keys, *retired]
    shown = [*known, NO_SEGMENT]
    counts = pd.DataFrame(0, index=[*shown, ARRIVED], columns=shown, dtype="int64")
    for row in migrations.itertuples():
        left = row.from_segment_key
        if left not in [*known, ARRIVED]:
            left = NO_SEGMENT
        entered = row.to_segment_key
        entered = entered if entered in known else NO_SEGMENT
        counts.loc[left, entered] += int(row.customer_count)
    staying = int(counts.loc[NO_SEGMENT, NO_SEGMENT])
    counts.loc[NO_SEGMENT, NO_SEGMENT] = 0
    month_on = migrations["month_on"].iloc[0]
    return Flows(counts, staying, month_on)


def height_of(flows: Flows) -> float:
    """Inches that the flow needs."""
    segments = len(flows.counts.columns) - 1
    return 4.6 if segments <= MOST_FLOWING_SEGMENTS else 1.5 + 0.42 * (segments + 2)


def draw_flows(
    sheet: Sheet,
    flows: Flows,
    months: tuple[str, str],
    names: Mapping[str, str],
    looks: Mapping[str, Look],
) -> None:
    """Draw bands from segment to segment, or a table of counts where there are many.

    Parameters
    ----------
    sheet : to draw on, ``height_of`` inches high
    flows : what to draw
    months : names of the month before and of the last month
    names : name of each segment, of ``arrived`` and of ``no_segment``
    looks : look of each segment that is not special
    """
    if len(flows.counts.columns) - 1 <= MOST_FLOWING_SEGMENTS:
        _draw_bands(sheet, flows.counts, months, names, looks)
    else:
        _draw_table(sheet, flows.counts, months, names)


def _draw_bands(sheet, counts, months, names, looks) -> None:
    height = sheet.plot_height
    axes = sheet.axes(0, 0, 9.0, height)
    bare(axes)
    axes.set_xlim(0, 9.0)
    axes.set_ylim(height, 0)
    top, bottom = 0.5, height - 0.15
    left, right = 3.1, 5.9
    total = counts.to_numpy().sum()
    rows = counts.sum(axis=1)
    columns = counts.sum(axis=0)
    rows, columns = rows[rows > 0], columns[columns > 0]
    gaps = max(len(rows), len(columns)) - 1
    gap = min(0.14, 0.5 / max(gaps, 1))
    scale = (bottom - top - gaps * gap) / max(total, 1)
    row_tops = _stack(rows, top, scale, gap)
    column_tops = _stack(columns, top, scale, gap)
    heads = {"fontsize": 9.5, "weight": "bold", "va": "center", "color": QUIET}
    axes.text(left + _NODE, 0.2, months[0], ha="right", **heads)
    axes.text(right - _NODE, 0.2, months[1], ha="left", **heads)
    starts, ends = dict(row_tops), dict(column_tops)
    for key in rows.index:
        for entered in columns.index:
            count = counts.loc[key, entered]
            if count == 0:
                continue
            thickness = count * scale
            axes.add_patch(
                _band(
                    left + _NODE,
                    starts[key],
                    right - _NODE,
                    ends[entered],
                    thickness,
                    look_of(looks, key).colour,
                    0.28 if key == entered else 0.7,
                )
            )
            starts[key] += thickness
            ends[entered] += thickness
    for sums, tops, x, side in (
        (rows, row_tops, left, -1),
        (columns, column_tops, right, 1),
    ):
        middles = [tops[key] + sums[key] * scale / 2 for key in sums.index]
        labels = [
            wrapped(f"{names[key]}  {sums[key]:,}", 42 if len(sums) <= 9 else 60)
            for key in sums.index
        ]
        placed = spread(middles, 0.36, top, bottom)
        for key, middle, place, label in zip(
            sums.index, middles, placed, labels, strict=True
        ):
            node = x if side < 0 else x - _NODE
            axes.add_patch(
                Rectangle(
                    (node, tops[key]),
                    _NODE,
                    max(sums[key] * scale, 0.012),
                    color=look_of(looks, key).colour,
                    linewidth=0,
                )
            )
            axes.plot(
                [x + side * 0.03, x + side * 0.13, x + side * 0.2],
                [middle, place, place],
                color=SPECIAL,
                linewidth=0.7,
            )
            axes.text(
                x + side * 0.25,
                place,
                label,
                ha="right" if side < 0 else "left",
                va="center",
                fontsize=8.5,
                color=INK,
                linespacing=1.05,
            )


def _stack(sums: pd.Series, top: float, scale: float, gap: float) -> dict[str, float]:
    tops = {}
    for key, count in sums.items():
        tops[key] = top
        top += count * scale + gap
    return tops


def _band(left, start, right, end, thickness, colour, alpha) -> PathPatch:
    middle = (left + right) / 2
    points = [
        (left, start),
        (middle, start),
        (middle, end),
        (right, end),
        (right, end + thickness),
        (middle, end + thickness),
        (middle, start + thickness),
        (left, start + thickness),
        (left, start),
    ]
    codes = [
        Path.MOVETO,
        *[Path.CURVE4] * 3,
        Path.LINETO,
        *[Path.CURVE4] * 3,
        Path.CLOSEPOLY,
    ]
    return PathPatch(
        Path(points, codes),
        facecolor=colour,
        edgecolor=colour,
        # A single customer still leaves a line.
        linewidth=0.5,
        alpha=alpha,
    )


def _draw_table(sheet, counts, months, names) -> None:
    rows = [key for key in counts.index if counts.loc[key].sum() > 0]
    columns = [key for key in counts.columns if counts[key].sum() > 0]
    left, right, head = 2.5, 8.3, 1.15
    height = sheet.plot_height - head - 0.1
    axes = sheet.axes(left, 0.1, right - left, height)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    moved = [
        counts.loc[row, column] for row in rows for column in columns if row != column
    ]
    most = max([*moved, 1])
    shades = LinearSegmentedColormap.from_list("blues", BLUES)
    for y, row in enumerate(rows):
        for x, column in enumerate(columns):
            count = int(counts.loc[row, column])
            strength = np.sqrt(count / most)
            is_kept = row == column
            face = FAINT if is_kept else shades(strength) if count else PAPER
            axes.add_patch(
                Rectangle(
                    (x - 0.48, y - 0.46), 0.96, 0.92, facecolor=face, edgecolor=FAINT
                )
            )
            is_dark = not is_kept and strength > 0.7
            axes.text(
                x,
                y,
                f"{count:,}" if count else "·",
                ha="center",
                va="center",
                color=PAPER if is_dark else INK if count else SPECIAL,
                weight="bold" if is_kept else "normal",
            )
    axes.xaxis.tick_top()
    axes.tick_params(length=0, colors=INK, labelsize=8.5)
    if max(len(names[key]) for key in columns) <= _SHORT_NAME:
        axes.set_yticks(range(len(rows)), [wrapped(names[key], 30) for key in rows])
        heads = [wrapped(names[key], 12) for key in columns]
        axes.set_xticks(range(len(columns)), heads, rotation=35)
        for label in axes.get_xticklabels():
            label.set(ha="left", rotation_mode="anchor")
    else:
        # Long names stand at the rows only, and the columns repeat their numbers.
        numbers = {key: place for place, key in enumerate(counts.index, start=1)}
        heads = [f"{wrapped(names[key], 30)}  {numbers[key]}" for key in rows]
        axes.set_yticks(range(len(rows)), heads)
        axes.set_xticks(range(len(columns)), [str(numbers[key]) for key in columns])
    heads = {"fontsize": 9.5, "weight": "bold", "color": QUIET, "ha": "right"}
    corner = {"xycoords": "axes fraction", "textcoords": "offset points"}
    axes.annotate(f"{months[0]} ↓", (0, 1), (-6, 8), **corner, **heads)
    axes.annotate(f"{months[1]} →", (0, 1), (-6, 50), **corner, **heads)
