"""Where labels go so that none covers another: plain geometry."""

from collections.abc import Iterator, Sequence
from math import cos, pi, sin
from typing import NamedTuple

import numpy as np

_DIRECTIONS = 16
_STEPS = 24
# Costs against one unit of distance: per unit of area, and per point.
_TOUCHING = 100.0
_COVERING = 2.0


class Box(NamedTuple):
    """A rectangle by its centre and its size, in any unit."""

    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: "Box") -> float:
        """Area that two rectangles share."""
        across = (self.width + other.width) / 2 - abs(self.x - other.x)
        along = (self.height + other.height) / 2 - abs(self.y - other.y)
        return max(across, 0.0) * max(along, 0.0)

    def count(self, points: np.ndarray) -> int:
        """How many points (array, points x 2) lie in the rectangle."""
        away = np.abs(points - (self.x, self.y))
        return int((away <= (self.width / 2, self.height / 2)).all(axis=1).sum())

    def outside(self, room: "Box") -> float:
        """How far the rectangle sticks out of a room, summed over both directions."""
        across = abs(self.x - room.x) + (self.width - room.width) / 2
        along = abs(self.y - room.y) + (self.height - room.height) / 2
        return max(across, 0.0) + max(along, 0.0)


def place_boxes(
    anchors: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    room: Box,
    clearance: float,
    crowd: np.ndarray | None = None,
) -> list[Box]:
    """Put a box near each anchor, off all anchors and off the other boxes.

    Parameters
    ----------
    anchors : points to be labelled, the most important first
    sizes : width and height of the box of each
    room : rectangle that the boxes stay in
    clearance : free distance around every anchor
    crowd : array (points x 2) that a box had better not cover

    Returns
    -------
    A box per anchor. Of candidates on rings of growing radius the cheapest is taken:
    touching an anchor, another box or the wall costs most, then covering the crowd,
    then distance. Of equals the nearest comes first.
    """
    points = [Box(x, y, 2 * clearance, 2 * clearance) for x, y in anchors]
    crowd = np.empty((0, 2)) if crowd is None else crowd
    placed: list[Box] = []
    for (x, y), (width, height) in zip(anchors, sizes, strict=True):
        taken = [*points, *placed]
        costs = {
            box: _TOUCHING * sum(box.overlap(other) for other in taken)
            + _TOUCHING * box.outside(room) * (width + height)
            + _COVERING * box.count(crowd)
            + away
            for box, away in _candidates(x, y, width, height, clearance)
        }
        placed.append(min(costs, key=costs.get))
    return placed


def _candidates(
    x: float, y: float, width: float, height: float, clearance: float
) -> Iterator[tuple[Box, float]]:
    for step in range(_STEPS):
        away = clearance * (1.2 + step)
        for turn in range(_DIRECTIONS):
            angle = 2 * pi * turn / _DIRECTIONS
            box = Box(
                x + (away + width / 2) * cos(angle),
                y + (away + height / 2) * sin(angle),
                width,
                height,
            )
            yield box, away
