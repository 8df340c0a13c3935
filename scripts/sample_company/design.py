"""The planted segments: where their centres lie, and how far apart.

Every person has a latent vector per family,

``z = centre[segment] + shift[type] + N(0, I)``.

What a person does follows from z with a part of its noise left out, the part that the
events themselves add.

Segments of different families are independent of each other. The centres of a family
are the corners of a simplex in four directions, those of the types the corners of a
triangle in two more. The directions are pairs of a cosine and a sine over the
coordinates, so that all coordinates carry the same share of the differences and
standardising each of them distorts nothing.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

SEGMENT_COUNT = 5
TYPE_COUNT = 3
# What a classifier that knows all of this reaches, as an adjusted Rand index. What only
# shows in counts and shares of events is set apart a little farther.
ORACLE_TARGETS = {
    "demographic": 0.925,
    "behavioural": 0.935,
    "psychographic": 0.920,
    "geographic": 0.935,
    "technographic": 0.930,
    "combined": 0.940,
}
# Share of the noise variance that is not a person's own: few and whole orders, visits
# and answers add about that much again. The oracles judge the sum, because the
# data of a year cannot tell more of a person.
EVENT_NOISE_SHARES = {
    "demographic": 0.0,
    "behavioural": 0.20,
    "psychographic": 0.05,
    "geographic": 0.10,
    "technographic": 0.10,
}
# The noise of a company is drawn again until its oracles are this near their targets.
ORACLE_TOLERANCE = 0.005
# How the squared distance of the types is spread over the families: less where many
# columns share the weight of a family.
TYPE_SHARES = {
    "demographic": 0.28,
    "behavioural": 0.12,
    "psychographic": 0.27,
    "geographic": 0.13,
    "technographic": 0.20,
}
CALIBRATION_ROWS = 200_000
CALIBRATION_SEED = 20240101


class Design(NamedTuple):
    """Centres of the segments and shifts of the types of one family."""

    centres: np.ndarray  # segments x coordinates
    shifts: np.ndarray  # types x coordinates

    @property
    def deviation(self) -> float:
        """Standard deviation of a coordinate over all people, the same for each."""
        spread = self.centres.var(axis=0) + self.shifts.var(axis=0)
        return float(np.sqrt(1 + spread.mean()))


def simplex(corners: int) -> np.ndarray:
    """Return (corners x corners - 1): points around 0, each 1 from every other."""
    centred = np.eye(corners) - 1 / corners
    directions = np.linalg.svd(centred)[2][: corners - 1]
    return centred @ directions.T / np.sqrt(2)


def even_directions(coordinates: int) -> tuple[np.ndarray, np.ndarray]:
    """Return orthonormal directions of the segments (4 rows) and of the types (2 rows).

    Every column of each has the same length; 7 coordinates are the fewest.
    """
    positions = 2 * np.pi * np.arange(coordinates) / coordinates
    waves = [
        turn(cycles * positions) for cycles in (1, 2, 3) for turn in (np.cos, np.sin)
    ]
    directions = np.array(waves) * np.sqrt(2 / coordinates)
    return directions[: SEGMENT_COUNT - 1], directions[SEGMENT_COUNT - 1 :]


def adjusted_rand(left: np.ndarray, right: np.ndarray) -> float:
    """Agreement of two groupings: 1 for the same, about 0 for unrelated ones."""
    table = np.zeros((left.max() + 1, right.max() + 1))
    np.add.at(table, (left, right), 1)

    def pairs(counts: np.ndarray) -> float:
        return float((counts * (counts - 1) / 2).sum())

    both, rows, columns = pairs(table), pairs(table.sum(1)), pairs(table.sum(0))
    expected = rows * columns / pairs(np.array([table.sum()]))
    return (both - expected) / ((rows + columns) / 2 - expected)


def nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Index of the nearest centre: the best guess among equally likely spheres."""
    return (points @ centres.T - (centres**2).sum(axis=1) / 2).argmax(axis=1)


@cache
def calibrated_distance(corners: int, target: float) -> float:
    """Distance between corners, in noise deviations, at which the oracle is as wanted.

    The type's shift lies across the segments' directions and the other way round, so
    neither helps to tell the other: only the noise along the simplex counts.
    """
    generator = np.random.default_rng(CALIBRATION_SEED)
    groups = np.arange(CALIBRATION_ROWS) % corners
    noise = generator.standard_normal((CALIBRATION_ROWS, corners - 1))
    low, high = 1.0, 10.0
    while high - low > 1e-4:
        distance = (low + high) / 2
        centres = simplex(corners) * distance
        guesses = nearest(centres[groups] + noise, centres)
        if adjusted_rand(groups, guesses) < target:
            low = distance
        else:
            high = distance
    return (low + high) / 2


def make_designs(coordinates: dict[str, int]) -> dict[str, Design]:
    """Lay out every family, with so many coordinates each."""
    type_distance = calibrated_distance(TYPE_COUNT, ORACLE_TARGETS["combined"])
    designs = {}
    for family, count in coordinates.items():
        distance = calibrated_distance(SEGMENT_COUNT, ORACLE_TARGETS[family])
        shift = type_distance * np.sqrt(TYPE_SHARES[family])
        along_segments, along_types = even_directions(count)
        designs[family] = Design(
            distance * simplex(SEGMENT_COUNT) @ along_segments,
            shift * simplex(TYPE_COUNT) @ along_types,
        )
    return designs


def guess_segments(latents: np.ndarray, design: Design) -> np.ndarray:
    """Segments of a family by the classifier that knows its parameters."""
    scores = [
        latents @ (design.centres + shift).T
        - ((design.centres + shift) ** 2).sum(axis=1) / 2
        for shift in design.shifts
    ]
    return np.logaddexp.reduce(scores, axis=0).argmax(axis=1)


def guess_types(
    latents: dict[str, np.ndarray], designs: dict[str, Design]
) -> np.ndarray:
    """Types by the classifier that knows all parameters, from all families at once."""
    total = np.zeros((len(next(iter(latents.values()))), TYPE_COUNT))
    for family, design in designs.items():
        for number, shift in enumerate(design.shifts):
            centres = design.centres + shift
            scores = latents[family] @ centres.T - (centres**2).sum(axis=1) / 2
            total[:, number] += np.logaddexp.reduce(scores, axis=1)
    return total.argmax(axis=1)
