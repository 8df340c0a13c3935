"""The map: customers on the two principal components of what the model looks at."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from segmentation.rounding import rounded_array
from segmentation_reports.placement import Box, place_boxes
from segmentation_reports.style import (
    FAINT,
    INK,
    QUIET,
    SPECIAL,
    Look,
    Sheet,
    halo,
    look_of,
)
from segmentation_reports.words import Vocabulary, percent

_NAMED_FEATURES = 2
_SAME = 0.999


class Components(NamedTuple):
    """The first two principal components.

    ``loadings`` is an array (2 x features), ``variance_shares`` one share each, and
    ``scores`` an array (customers x 2).
    """

    loadings: np.ndarray
    variance_shares: tuple[float, float]
    scores: np.ndarray


class AxisWords(NamedTuple):
    """Phrases for the low and the high end of an axis, the strongest first."""

    low: tuple[str, ...]
    high: tuple[str, ...]


def principal_components(points: np.ndarray) -> Components:
    """Project points on their first two principal components (Pearson 1901).

    Parameters
    ----------
    points : array (customers x features), at least two rows and one column

    Returns
    -------
    Components by singular value decomposition of the centred points. The largest
    loading of each is positive, of equal ones the first, so that the map never flips.
    With one feature, or no variance, the missing components are zero.

    Raises
    ------
    ValueError
        There are fewer than two points.
    """
    if len(points) < 2:
        raise ValueError("a map needs at least two customers")
    centred = points - points.mean(axis=0)
    _, strengths, axes = np.linalg.svd(centred, full_matrices=False)
    variances = strengths**2
    loadings = np.zeros((2, points.shape[1]))
    shares = [0.0, 0.0]
    for place in range(min(2, len(axes))):
        if variances.sum() == 0:
            break
        axis = rounded_array(axes[place])
        loadings[place] = axis * np.sign(axis[np.argmax(np.abs(axis))])
        shares[place] = float(variances[place] / variances.sum())
    scores = rounded_array(centred @ loadings.T)
    return Components(loadings, (shares[0], shares[1]), scores)


def word_axis(
    loadings: np.ndarray,
    points: np.ndarray,
    features: Sequence[str],
    vocabulary: Vocabulary,
) -> AxisWords:
    """Say which features pull customers to either end of an axis.

    Parameters
    ----------
    loadings : array (features) of one component
    points : array (customers x features), to leave out features that say the same
    features : name of each column
    vocabulary : words of the features
    """
    chosen: list[int] = []
    for place in np.argsort(-np.abs(loadings), kind="stable"):
        if loadings[place] == 0 or len(chosen) == _NAMED_FEATURES:
            break
        if not any(_says_the_same(points, place, other) for other in chosen):
            chosen.append(int(place))
    return AxisWords(
        tuple(vocabulary.say(features[place], -loadings[place]) for place in chosen),
        tuple(vocabulary.say(features[place], loadings[place]) for place in chosen),
    )


def draw_map(
    sheet: Sheet,
    components: Components,
    words: tuple[AxisWords, AxisWords],
    segment_keys: Sequence[str],
    names: Mapping[str, str],
    looks: Mapping[str, Look],
) -> None:
    """Draw customers as points, coloured by segment, each segment named at its centre.

    Parameters
    ----------
    sheet : to draw on
    components : of the customers
    words : of the horizontal and the vertical axis
    segment_keys : segment of each customer
    names : label of each segment that is not special
    looks : look of each segment that is not special
    """
    axes = sheet.axes(0.75, 0.55, 7.95, sheet.plot_height - 0.6)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=0)
    keys = np.array(segment_keys)
    is_special = ~np.isin(keys, list(looks))
    x, y = components.scores.T
    axes.scatter(
        x[is_special], y[is_special], s=14, marker="x", color=SPECIAL, linewidths=0.8
    )
    # One call per marker, rows in the order of the draw: no segment hides another.
    for marker in sorted({look.marker for look in looks.values()}):
        rows = [
            row
            for row, key in enumerate(keys)
            if key in looks and looks[key].marker == marker
        ]
        axes.scatter(
            x[rows],
            y[rows],
            s=9,
            marker=marker,
            c=[looks[keys[row]].colour for row in rows],
            alpha=0.45,
            linewidths=0,
        )
    _label_axes(axes, words, components.variance_shares)
    _label_segments(sheet, axes, components.scores, keys, names, looks)


def _says_the_same(points: np.ndarray, one: int, other: int) -> bool:
    pair = points[:, [one, other]]
    if (pair.std(axis=0) == 0).any():
        return False
    return bool(abs(np.corrcoef(pair.T)[0, 1]) > _SAME)


def _label_axes(axes, words, variance_shares) -> None:
    across, along = words
    said = {"fontsize": 8.5, "color": INK, "transform": axes.transAxes}
    quiet = said | {"color": QUIET}
    shares = [f"{percent(share)} of the variation" for share in variance_shares]
    axes.text(0, -0.02, _end(across.low, "← "), ha="left", va="top", **said)
    axes.text(0.5, -0.02, shares[0], ha="center", va="top", **quiet)
    axes.text(1, -0.02, _end(across.high, "", " →"), ha="right", va="top", **said)
    upright = {"rotation": 90, "rotation_mode": "anchor", "va": "bottom"}
    axes.text(-0.015, 0, _end(along.low, "← "), ha="left", **upright, **said)
    axes.text(-0.015, 0.5, shares[1], ha="center", **upright, **quiet)
    axes.text(-0.015, 1, _end(along.high, "", " →"), ha="right", **upright, **said)


def _end(phrases: Sequence[str], before: str, after: str = "") -> str:
    return before + ",\n".join(phrases) + after if phrases else ""


def _label_segments(sheet, axes, scores, keys, names, looks) -> None:
    shown = [key for key in names if (keys == key).any()]
    if not shown:
        return
    centres = np.array([scores[keys == key].mean(axis=0) for key in shown])
    for key, (x, y) in zip(shown, centres, strict=True):
        look = look_of(looks, key)
        axes.scatter(
            [x],
            [y],
            s=95,
            marker=look.marker,
            color=look.colour,
            edgecolors="white",
            linewidths=1.6,
            zorder=5,
        )
    axes.apply_aspect()
    renderer = sheet.figure.canvas.get_renderer()
    pixels = axes.transData.transform(centres)
    texts = [
        axes.text(
            0,
            0,
            names[key],
            fontsize=9,
            weight="bold",
            ha="center",
            va="center",
            zorder=7,
            linespacing=1.1,
            bbox={
                "boxstyle": "round,pad=0.25",
                "facecolor": "white",
                "edgecolor": look_of(looks, key).colour,
                "linewidth": 1.1,
                "alpha": 0.9,
            },
            path_effects=halo(1),
        )
        for key in shown
    ]
    sizes = []
    for text in texts:
        extent = text.get_window_extent(renderer)
        sizes.append((extent.width + 12, extent.height + 12))
    frame = axes.get_window_extent(renderer)
    room = Box(
        (frame.x0 + frame.x1) / 2,
        (frame.y0 + frame.y1) / 2,
        frame.width,
        frame.height,
    )
    crowd = axes.transData.transform(scores)
    anchors = [(float(x), float(y)) for x, y in pixels]
    boxes = place_boxes(anchors, sizes, room, 14, crowd)
    back = axes.transData.inverted()
    for key, text, box, centre in zip(shown, texts, boxes, centres, strict=True):
        place = back.transform((box.x, box.y))
        text.set_position(place)
        axes.plot(
            [centre[0], place[0]],
            [centre[1], place[1]],
            color=look_of(looks, key).colour,
            linewidth=1.1,
            zorder=4,
            scalex=False,
            scaley=False,
        )
