"""The grid of a rule segmentation: customers by recency and frequency score."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap

from segmentation_reports.style import BLUES, INK, PAPER, QUIET, Sheet, wrapped
from segmentation_reports.words import percent

_DARK = 0.65


class Cell(NamedTuple):
    """Customers of one pair of scores.

    ``segment_key`` is the segment of most of them, ``segment_count`` how many segments
    share the cell.
    """

    customer_count: int
    segment_key: str
    segment_count: int


def fill_grid(rows: pd.DataFrame) -> dict[tuple[int, int], Cell]:
    """Count customers by recency and frequency score.

    Parameters
    ----------
    rows : recency_score, frequency_score, rfm_segment, customer_count

    Returns
    -------
    A cell by (recency score, frequency score), for the pairs that somebody has. Of
    segments with as many customers the first by name leads.
    """
    cells = {}
    scored = rows.dropna(subset=["recency_score", "frequency_score", "rfm_segment"])
    for scores, cell in scored.groupby(["recency_score", "frequency_score"]):
        sums = cell.groupby("rfm_segment")["customer_count"].sum()
        leading = min(sums.index, key=lambda key: (-sums[key], key))
        cells[int(scores[0]), int(scores[1])] = Cell(
            int(sums.sum()), str(leading), len(sums)
        )
    return cells


def draw_grid(
    sheet: Sheet, cells: Mapping[tuple[int, int], Cell], names: Mapping[str, str]
) -> None:
    """Draw the grid: darker cells hold more customers, lines part the segments.

    Parameters
    ----------
    sheet : to draw on
    cells : by (recency score, frequency score), at least one
    names : name of each segment
    """
    recencies = range(min(r for r, _ in cells), max(r for r, _ in cells) + 1)
    frequencies = range(min(f for _, f in cells), max(f for _, f in cells) + 1)
    axes = sheet.axes(1.0, 0.55, 7.7, sheet.plot_height - 0.6)
    axes.set_xlim(recencies[0] - 0.5, recencies[-1] + 0.5)
    axes.set_ylim(frequencies[0] - 0.5, frequencies[-1] + 0.5)
    most = max(cell.customer_count for cell in cells.values())
    total = sum(cell.customer_count for cell in cells.values())
    shades = LinearSegmentedColormap.from_list("blues", BLUES)
    for (recency, frequency), cell in cells.items():
        strength = np.sqrt(cell.customer_count / most) * 0.8
        axes.fill_between(
            [recency - 0.5, recency + 0.5],
            frequency - 0.5,
            frequency + 0.5,
            color=shades(strength),
            linewidth=0,
        )
        ink = PAPER if strength > _DARK else INK
        more = f" + {cell.segment_count - 1}" if cell.segment_count > 1 else ""
        axes.text(
            recency,
            frequency + 0.2,
            wrapped(names.get(cell.segment_key, cell.segment_key) + more, 18),
            ha="center",
            va="center",
            fontsize=8.5,
            color=ink,
            linespacing=1.05,
        )
        axes.text(
            recency,
            frequency - 0.16,
            f"{cell.customer_count:,}",
            ha="center",
            va="center",
            fontsize=11,
            weight="bold",
            color=ink,
        )
        axes.text(
            recency,
            frequency - 0.36,
            percent(cell.customer_count / total),
            ha="center",
            va="center",
            fontsize=7.5,
            color=ink,
        )
    _part_segments(axes, cells, recencies, frequencies)
    axes.set_xticks(list(recencies))
    axes.set_yticks(list(frequencies))
    axes.tick_params(length=0, labelsize=9)
    for spine in axes.spines.values():
        spine.set(visible=True, color=INK, linewidth=1.6)
    ends = {"fontsize": 8.5, "color": INK, "transform": axes.transAxes}
    quiet = ends | {"color": QUIET, "ha": "center"}
    axes.text(0, -0.065, "← long ago", ha="left", va="top", **ends)
    axes.text(0.5, -0.065, "recency score", va="top", **quiet)
    axes.text(1, -0.065, "lately →", ha="right", va="top", **ends)
    upright = {"rotation": 90, "rotation_mode": "anchor", "va": "bottom"}
    axes.text(-0.04, 0, "← rarely", ha="left", **upright, **ends)
    axes.text(-0.04, 0.5, "frequency score", **upright, **quiet)
    axes.text(-0.04, 1, "often →", ha="right", **upright, **ends)


def _part_segments(axes, cells, recencies, frequencies) -> None:
    def key_at(recency: int, frequency: int) -> str | None:
        cell = cells.get((recency, frequency))
        return cell.segment_key if cell else None

    line = {"color": INK, "linewidth": 1.6, "solid_capstyle": "round"}
    thin = {"color": PAPER, "linewidth": 1.0}
    for recency in recencies:
        for frequency in frequencies:
            here = key_at(recency, frequency)
            if recency < recencies[-1]:
                style = thin if here == key_at(recency + 1, frequency) else line
                axes.plot(
                    [recency + 0.5] * 2, [frequency - 0.5, frequency + 0.5], **style
                )
            if frequency < frequencies[-1]:
                style = thin if here == key_at(recency, frequency + 1) else line
                axes.plot(
                    [recency - 0.5, recency + 0.5], [frequency + 0.5] * 2, **style
                )
