"""K-Means, and the assignment that SQL repeats."""

import warnings
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from segmentation.rounding import rounded_array

_STARTS = 10
_MUCH_BETTER = 0.98


class KMeansFit(NamedTuple):
    """Centres (segments x features), label of every row, and within sum of squares."""

    centres: np.ndarray
    labels: np.ndarray
    inertia: float

    @property
    def shares(self) -> np.ndarray:
        """Share of the rows in each segment, in the order of the centres."""
        sizes = np.bincount(self.labels, minlength=len(self.centres))
        return sizes / len(self.labels)


def fit_kmeans(points: np.ndarray, segment_count: int, random_seed: int) -> KMeansFit:
    """Lloyd's K-Means, the best of ten k-means++ starts (Arthur, Vassilvitskii 2007).

    Parameters
    ----------
    points : array (customers x features), no NaN
    segment_count : number of segments, at most the number of customers
    random_seed : seed of the starts

    Returns
    -------
    KMeansFit whose centres are rounded to 9 decimals, in units of the points, and
    whose labels are the nearest of those rounded centres. Points with fewer distinct
    rows than ``segment_count`` leave segments empty.

    Raises
    ------
    ValueError
        There are fewer customers than segments, or a point is not finite.
    """
    with warnings.catch_warnings():
        # Fewer distinct rows than segments: the empty segment shows it to the caller.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = KMeans(segment_count, n_init=_STARTS, random_state=random_seed)
        model.fit(points)
    centres = rounded_array(model.cluster_centers_)
    return KMeansFit(centres, nearest_centre(points, centres), float(model.inertia_))


def refit_kmeans(points: np.ndarray, starts: np.ndarray, random_seed: int) -> KMeansFit:
    """Lloyd's K-Means from given centres, so that segments keep their order.

    Parameters
    ----------
    points : array (customers x features), no NaN
    starts : array (segments x features) of the centres to start from
    random_seed : seed of a fit from ten other starts, which is taken instead where its
        inertia is more than 2 % smaller

    Returns
    -------
    KMeansFit as from ``fit_kmeans``.
    """
    model = KMeans(len(starts), init=starts, n_init=1).fit(points)
    cold = fit_kmeans(points, len(starts), random_seed)
    if cold.inertia < _MUCH_BETTER * model.inertia_:
        return cold
    centres = rounded_array(model.cluster_centers_)
    return KMeansFit(centres, nearest_centre(points, centres), float(model.inertia_))


def nearest_centre(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Index of the nearest centre by Euclid (customers,), the first one of a tie."""
    return cdist(points, centres, "sqeuclidean").argmin(axis=1)
