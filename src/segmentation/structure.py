"""Whether segments are there to be found: valleys between neighbours."""

from typing import NamedTuple

import numpy as np

# In sixths of the distance between the centres; a window is two of them wide.
_WINDOW_WIDTH = 2 / 6
_WINDOW_CENTRES = np.arange(-3, 10) / 6
_VALLEYS = slice(5, 8)
_RIDGE = 0.5


class Valley(NamedTuple):
    """Depth as a share of the lower peak, and the same in standard errors."""

    depth: float
    significance: float


def neighbours(centres: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of centres with no third one in the ball between them.

    Parameters
    ----------
    centres : array (segments x features)

    Returns
    -------
    Pairs (first, second) of positions: the Gabriel graph, which connects all centres.
    """
    pairs = []
    for first in range(len(centres)):
        for second in range(first + 1, len(centres)):
            middle = (centres[first] + centres[second]) / 2
            reach = ((centres[first] - middle) ** 2).sum()
            distances = ((centres - middle) ** 2).sum(axis=1)
            others = np.delete(distances, [first, second])
            if (others >= reach * (1 - 1e-9)).all():
                pairs.append((first, second))
    return pairs


def measure_valley(
    learned: np.ndarray,
    labels: np.ndarray,
    unseen: np.ndarray,
    first: int,
    second: int,
) -> Valley:
    """Measure how much emptier it is between two segments than around either.

    Parameters
    ----------
    learned : array (customers x features) of which ``labels`` are known
    labels : array (customers,) of segments, -1 for noise; others than the two keep
        their customers out of the way
    unseen : array (customers x features) that had no part in the labels
    first, second : the two segments

    Returns
    -------
    Valley of the unseen customers; 0 and 0 where a segment has no member.

    Notes
    -----
    Customers are projected on the discriminant direction of the two segments (Fisher
    1936), and counted in windows of a third of the distance between the centres. The
    learned customers say where the valley and the peaks on either side of it are, the
    unseen ones how high they are. Only customers in the convex region that belongs to
    the line between the two centres rather than to a third centre take part: where the
    density is log-concave, as in any Gaussian or any uniform convex cloud, it is so in
    a convex region and in each of its projections (Prekopa 1973), and has no valley.
    So clouds without structure have a depth of 0 at most, whatever their shape and
    dimension, but for chance.
    """
    centres = {
        segment: learned[labels == segment].mean(axis=0)
        for segment in np.unique(labels[labels >= 0])
    }
    if first not in centres or second not in centres:
        return Valley(0.0, 0.0)
    start, end = centres[first], centres[second]
    direction = _discriminant(
        learned[labels == first] - start, learned[labels == second] - end, end - start
    )
    others = [
        centre for segment, centre in centres.items() if segment not in (first, second)
    ]

    def counts(points: np.ndarray) -> np.ndarray:
        inside = points[_is_between(points, start, end, others)]
        positions = (inside - start) @ direction
        gaps = np.abs(positions[:, None] - _WINDOW_CENTRES)
        return (gaps <= _WINDOW_WIDTH / 2).sum(axis=0)

    expected, found = counts(learned), counts(unseen)
    bottom = _VALLEYS.start + expected[_VALLEYS].argmin()
    # Windows two steps apart do not overlap.
    left = expected[: bottom - 1].argmax()
    right = bottom + 2 + expected[bottom + 2 :].argmax()
    peak, floor = float(min(found[left], found[right])), float(found[bottom])
    return Valley(
        1 - floor / peak if peak else 0.0, (peak - floor) / np.sqrt(peak + floor + 1)
    )


def _discriminant(
    first: np.ndarray, second: np.ndarray, difference: np.ndarray
) -> np.ndarray:
    """Direction along which the second centre is 1 from the first."""
    deviations = np.vstack([first, second])
    covariance = deviations.T @ deviations / len(deviations)
    # A ridge, because small segments have more features than they can support.
    ridge = _RIDGE * np.trace(covariance) / len(covariance) or 1.0
    direction = np.linalg.solve(
        covariance + ridge * np.eye(len(covariance)), difference
    )
    return direction / (direction @ difference)


def _is_between(
    points: np.ndarray, start: np.ndarray, end: np.ndarray, others: list[np.ndarray]
) -> np.ndarray:
    along = end - start
    keep = np.ones(len(points), dtype=bool)
    for centre in others:
        position = np.clip((centre - start) @ along / (along @ along), 0, 1)
        nearest = start + position * along
        keep &= (points - (nearest + centre) / 2) @ (centre - nearest) <= 0
    return keep
