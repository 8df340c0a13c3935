"""What every algorithm ends in: exemplars, each with the segment it stands for."""

from typing import NamedTuple

import numpy as np

from segmentation.kmeans import nearest_centre
from segmentation.rounding import rounded_array

NOISE = -1


class ExemplarFit(NamedTuple):
    """A segmentation that SQL can repeat: the nearest exemplar decides.

    ``coordinates`` (exemplars x features, rounded to 9 decimals), ``segments``
    (exemplars,) with the segment of each, counted from 0, or -1 for noise, and
    ``labels`` (customers,) with the segment of the nearest exemplar.
    """

    coordinates: np.ndarray
    segments: np.ndarray
    labels: np.ndarray

    @property
    def segment_count(self) -> int:
        """Number of segments without noise."""
        return int(self.segments.max(initial=NOISE)) + 1

    @property
    def shares(self) -> np.ndarray:
        """Share of the customers in each segment (segments,)."""
        members = self.labels[self.labels != NOISE]
        return np.bincount(members, minlength=self.segment_count) / len(self.labels)

    @property
    def noise_share(self) -> float:
        """Share of the customers whose nearest exemplar is noise."""
        return float(np.mean(self.labels == NOISE))

    def assign(self, points: np.ndarray) -> np.ndarray:
        """Segment of each point (customers,), -1 for noise."""
        return self.segments[nearest_centre(points, self.coordinates)]

    def relabel(self, segments: np.ndarray) -> "ExemplarFit":
        """Give each segment another, (segments,) of integers; they may coincide."""
        return ExemplarFit(self.coordinates, segments, segments[self.labels])


def fit_from_exemplars(
    points: np.ndarray, coordinates: np.ndarray, segments: np.ndarray
) -> ExemplarFit:
    """Round the exemplars, number the segments without gaps and label the points.

    Parameters
    ----------
    points : array (customers x features), prepared
    coordinates : array (exemplars x features), in units of the points
    segments : array (exemplars,) of integers, -1 for noise
    """
    rounded = rounded_array(coordinates)
    numbers = np.full(len(segments), NOISE)
    is_member = segments != NOISE
    numbers[is_member] = np.unique(segments[is_member], return_inverse=True)[1]
    return ExemplarFit(rounded, numbers, numbers[nearest_centre(points, rounded)])
