"""Families of algorithm, all of which end in exemplars."""

import warnings
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from segmentation.exemplars import NOISE, ExemplarFit, fit_from_exemplars
from segmentation.kmeans import fit_kmeans, nearest_centre

# From the simplest to explain; ties go to the earlier one.
ALGORITHMS = ("kmeans", "ward", "hdbscan", "gaussian_mixture")

_MICRO_CLUSTERS = 150
_MICRO_CLUSTER_SIZE = 10
_DENSITY_ROWS = 2_000
_DENSITY_SHARES = (0.03, 0.08)
_DENSITY_NEIGHBOURS = 10
_MIXTURE_COMPONENTS = 6
_MIXTURE_STARTS = 3
# Components that are there are found in fewer; where none are, more change little.
_MIXTURE_STEPS = 30
_MIXTURE_RANGE = 2
_SMALLEST_COMPONENT = 0.03


class MicroClusters(NamedTuple):
    """Centres (clusters x features) and members of each, none of them empty."""

    centres: np.ndarray
    sizes: np.ndarray


def fit_algorithm(
    algorithm: str,
    points: np.ndarray,
    variants: Sequence[float],
    random_seed: int,
) -> Mapping[float, ExemplarFit]:
    """Fit one algorithm once for each variant.

    Parameters
    ----------
    algorithm : one of ALGORITHMS
    points : array (customers x features), prepared, in an order that says nothing
    variants : numbers of segments; for 'hdbscan' smallest cluster sizes as shares
    random_seed : seed of every draw

    Returns
    -------
    Variant -> ExemplarFit. What cannot be fitted is left out.

    Notes
    -----
    K-Means has one exemplar per segment. The others label up to 150 micro-clusters
    (K-Means again): Ward's linkage (Ward 1963) merges them by size, HDBSCAN (Campello,
    Moulavi and Sander 2013) and a Gaussian mixture give each the label of most of its
    members, so their cost has a ceiling whatever the number of customers.
    """
    if algorithm == "kmeans":
        return {
            variant: _kmeans(points, int(variant), random_seed)
            for variant in variants
            if variant <= len(points)
        }
    micro = micro_clusters(points, random_seed)
    if algorithm == "ward":
        merges, leaf_count = ward_merges(micro), len(micro.centres)
        leaves = fit_from_exemplars(points, micro.centres, np.arange(leaf_count))
        return {
            variant: leaves.relabel(cut_merges(merges, leaf_count, int(variant)))
            for variant in variants
            if variant <= leaf_count
        }
    label = {"hdbscan": _density_labels, "gaussian_mixture": _mixture_labels}[algorithm]
    return {
        variant: fit_from_exemplars(
            points,
            micro.centres,
            _majority(points, micro.centres, label(points, variant, random_seed)),
        )
        for variant in variants
    }


def variants_of(
    algorithm: str, segment_counts: Sequence[int], mixture_count: int
) -> Sequence[float]:
    """Return what an algorithm is tried with.

    K-Means and Ward take every number of segments. HDBSCAN finds the number itself and
    takes two smallest cluster sizes; the mixture takes the number its BIC is best at
    and the two below.
    """
    return {
        "kmeans": segment_counts,
        "ward": segment_counts,
        "hdbscan": _DENSITY_SHARES,
        "gaussian_mixture": [
            count
            for count in segment_counts
            if mixture_count - _MIXTURE_RANGE <= count <= mixture_count
        ],
    }[algorithm]


def micro_clusters(points: np.ndarray, random_seed: int) -> MicroClusters:
    """Summarise points by at most 150 K-Means centres of some ten points each."""
    count = min(_MICRO_CLUSTERS, max(2, len(points) // _MICRO_CLUSTER_SIZE))
    with warnings.catch_warnings():
        # Fewer distinct rows than micro-clusters leave empty ones, which go below.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = KMeans(count, n_init=1, random_state=random_seed).fit(points)
    centres = model.cluster_centers_
    sizes = np.bincount(nearest_centre(points, centres), minlength=count)
    return MicroClusters(centres[sizes > 0], sizes[sizes > 0])


def ward_merges(micro: MicroClusters) -> list[tuple[int, int]]:
    """Merge micro-clusters by Ward's criterion, weighted by their sizes.

    Returns
    -------
    (kept, absorbed) positions of each merge, from the first to the last; the larger
    position is absorbed. Ties go to the smaller positions.
    """
    centres, sizes = micro.centres.copy(), micro.sizes.astype(float)

    def increases(position: int) -> np.ndarray:
        weights = sizes[position] * sizes / np.maximum(sizes[position] + sizes, 1)
        squares = ((centres - centres[position]) ** 2).sum(axis=1)
        increase = np.where(sizes > 0, weights * squares, np.inf)
        increase[position] = np.inf
        return increase

    costs = np.array([increases(position) for position in range(len(centres))])
    merges = []
    for _ in range(len(centres) - 1):
        kept, absorbed = sorted(divmod(int(costs.argmin()), len(centres)))
        total = sizes[kept] + sizes[absorbed]
        centres[kept] = (
            sizes[kept] * centres[kept] + sizes[absorbed] * centres[absorbed]
        ) / total
        sizes[kept], sizes[absorbed] = total, 0
        costs[absorbed], costs[:, absorbed] = np.inf, np.inf
        costs[kept] = costs[:, kept] = increases(kept)
        merges.append((kept, absorbed))
    return merges


def cut_merges(
    merges: Sequence[tuple[int, int]], leaf_count: int, segment_count: int
) -> np.ndarray:
    """Segment of each leaf (leaves,) after all but the last merges."""
    segments = np.arange(leaf_count)
    for kept, absorbed in merges[: leaf_count - segment_count]:
        segments[segments == absorbed] = kept
    return np.unique(segments, return_inverse=True)[1]


def mixture_bics(
    points: np.ndarray, segment_counts: Sequence[int], random_seed: int
) -> dict[int, float]:
    """BIC of a Gaussian mixture by number of components (Fraley and Raftery 2002).

    Full covariances on the six leading principal components; NaN where there are fewer
    customers than components.
    """
    components = _leading_components(points)
    return {
        count: float(_mixture(components, count, random_seed).bic(components))
        if count <= len(points)
        else np.nan
        for count in segment_counts
    }


def _kmeans(points: np.ndarray, segment_count: int, random_seed: int) -> ExemplarFit:
    fit = fit_kmeans(points, segment_count, random_seed)
    return ExemplarFit(fit.centres, np.arange(segment_count), fit.labels)


def _density_labels(
    points: np.ndarray, smallest_share: float, random_seed: int
) -> np.ndarray:
    rows = points[:_DENSITY_ROWS]
    size = max(2, round(smallest_share * len(rows)))
    model = HDBSCAN(
        min_cluster_size=size, min_samples=min(_DENSITY_NEIGHBOURS, size), copy=True
    )
    return model.fit_predict(rows)


def _mixture_labels(
    points: np.ndarray, segment_count: float, random_seed: int
) -> np.ndarray:
    components = _leading_components(points)
    model = _mixture(components, int(segment_count), random_seed)
    chances = model.predict_proba(components)
    sizes = np.bincount(chances.argmax(axis=1), minlength=chances.shape[1])
    # BIC likes a component for a handful of odd customers; they go to the next one.
    chances[:, sizes < min(_SMALLEST_COMPONENT * sizes.sum(), sizes.max())] = -1
    return chances.argmax(axis=1)


def _leading_components(points: np.ndarray) -> np.ndarray:
    # By hand, because scikit-learn's PCA divides by the variance, which may be 0.
    axes, lengths, _ = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    return (axes * lengths)[:, :_MIXTURE_COMPONENTS]


def _mixture(
    components: np.ndarray, segment_count: int, random_seed: int
) -> GaussianMixture:
    with warnings.catch_warnings():
        # The last iterate is close enough for labels and an upper bound.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = GaussianMixture(
            segment_count,
            n_init=_MIXTURE_STARTS,
            max_iter=_MIXTURE_STEPS,
            # Not from K-Means, which irrelevant columns lead astray.
            init_params="k-means++",
            random_state=random_seed,
        )
        return model.fit(components)


def _majority(
    points: np.ndarray, centres: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """Label of most labelled members of each centre; noise where it has none."""
    nearest = nearest_centre(points[: len(labels)], centres)
    votes = np.zeros((len(centres), labels.max() + 2))
    # Noise comes last, so that a tie goes to a segment.
    np.add.at(votes, (nearest, np.where(labels == NOISE, labels.max() + 1, labels)), 1)
    winners = votes.argmax(axis=1)
    is_noise = (winners == labels.max() + 1) | (votes.sum(axis=1) == 0)
    return np.where(is_noise, NOISE, winners)
