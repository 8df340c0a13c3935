"""How many segments: score every number, then choose by one written rule."""

import warnings
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import (
    adjusted_rand_score,
    davies_bouldin_score,
    silhouette_score,
)
from sklearn.metrics.cluster import contingency_matrix
from sklearn.mixture import GaussianMixture

from segmentation.kmeans import fit_kmeans, nearest_centre

_SMALLEST_STABILITY = 0.80
_SMALLEST_JACCARD = 0.75
_SILHOUETTE_ROWS = 2_000
_MIXTURE_COMPONENTS = 6


class CandidateScore(NamedTuple):
    """Scores of one number of segments; NaN where it cannot be fitted."""

    silhouette: float = np.nan
    davies_bouldin: float = np.nan
    stability: float = np.nan
    smallest_jaccard: float = np.nan
    smallest_share: float = 0.0
    noise_share: float = 0.0
    bic: float = np.nan


def score_candidates(
    points: np.ndarray,
    segment_counts: range,
    stability_samples: int,
    random_seed: int,
) -> pd.DataFrame:
    """Score K-Means for every number of segments.

    Parameters
    ----------
    points : array (customers x features), prepared, in an order that says nothing: the
        first 2,000 rows carry the silhouette
    segment_counts : numbers of segments to try, from 2
    stability_samples : number of half samples, at least 2
    random_seed : seed of every draw

    Returns
    -------
    DataFrame indexed by number of segments with the fields of CandidateScore.

    Notes
    -----
    Stability is the mean pairwise adjusted Rand index of half-sample fits, each of
    which labels all points (Ben-Hur, Elisseeff and Guyon 2002). Jaccard compares each
    reference segment with its one-to-one partner, averaged over the half samples
    (Hennig 2007). BIC is that of a Gaussian mixture with full covariances on the
    leading principal components (Fraley and Raftery 2002).
    """
    halves = _half_samples(len(points), stability_samples, random_seed)
    components = PCA(
        min(_MIXTURE_COMPONENTS, *points.shape), svd_solver="full"
    ).fit_transform(points)
    scores = [
        _score(points, components, halves, count, random_seed)
        for count in segment_counts
    ]
    return pd.DataFrame(scores, index=pd.Index(segment_counts, name="segment_count"))


def rank_candidates(
    scores: pd.DataFrame, minimum_segment_share: float
) -> tuple[list[int], pd.Series]:
    """Order the acceptable numbers of segments, best first, and say why.

    Parameters
    ----------
    scores : DataFrame from ``score_candidates``
    minimum_segment_share : share of the sample the smallest segment must reach

    Returns
    -------
    ranking : numbers of segments that are not degenerate: those that pass every check
        from the largest down, then the others from the most stable down, ties to the
        smaller
    reasons : Series by number of segments; of the first of the ranking it says why it
        leads, of the others why not

    Notes
    -----
    The largest stable number below the mixture's optimum found the planted number
    within one in 18 of 20 fresh simulations, the silhouette in 11.
    """
    refused = is_degenerate(scores["smallest_share"], minimum_segment_share)
    acceptable = scores[~refused]
    reasons = pd.Series(
        {
            count: _refusal(share, minimum_segment_share)
            for count, share in scores.loc[refused, "smallest_share"].items()
        },
        dtype=object,
    )
    if acceptable.empty:
        return [], reasons
    optimum = int(scores["bic"].idxmin())
    failures = {
        count: _failures(row, count, optimum) for count, row in acceptable.iterrows()
    }
    passing = sorted((k for k, failed in failures.items() if not failed), reverse=True)
    others = sorted(
        (k for k, failed in failures.items() if failed),
        key=lambda count: (-acceptable.loc[count, "stability"], count),
    )
    ranking = passing + others
    for count in ranking:
        reasons[count] = _verdict(count, ranking[0], failures, acceptable)
    return ranking, reasons.sort_index()


def is_degenerate(
    smallest_share: float | pd.Series, minimum_segment_share: float
) -> bool | pd.Series:
    """Tell whether a smallest share, or each of several, is too small to be taken."""
    return (smallest_share < minimum_segment_share) | (smallest_share == 0)


def _score(
    points: np.ndarray,
    components: np.ndarray,
    halves: list[np.ndarray],
    segment_count: int,
    random_seed: int,
) -> CandidateScore:
    if segment_count > len(halves[0]):
        return CandidateScore()
    bic = _mixture_bic(components, segment_count, random_seed)
    reference = fit_kmeans(points, segment_count, random_seed)
    smallest_share = reference.shares.min()
    if smallest_share == 0:
        return CandidateScore(bic=bic)
    labellings = [
        nearest_centre(
            points,
            fit_kmeans(points[half], segment_count, random_seed).centres,
        )
        for half in halves
    ]
    return CandidateScore(
        silhouette=_silhouette(points, reference.labels),
        davies_bouldin=davies_bouldin_score(points, reference.labels),
        stability=float(
            np.mean([adjusted_rand_score(a, b) for a, b in combinations(labellings, 2)])
        ),
        smallest_jaccard=_smallest_jaccard(reference.labels, labellings),
        smallest_share=smallest_share,
        bic=bic,
    )


def _half_samples(
    customer_count: int, samples: int, random_seed: int
) -> list[np.ndarray]:
    generator = np.random.default_rng(random_seed)
    size = customer_count // 2
    return [
        np.sort(generator.choice(customer_count, size, replace=False))
        for _ in range(samples)
    ]


def _silhouette(points: np.ndarray, labels: np.ndarray) -> float:
    points, labels = points[:_SILHOUETTE_ROWS], labels[:_SILHOUETTE_ROWS]
    if len(np.unique(labels)) < 2:
        return np.nan
    return silhouette_score(points, labels)


def _smallest_jaccard(reference: np.ndarray, labellings: list[np.ndarray]) -> float:
    return float(
        np.mean(
            [_matched_jaccard(reference, labels) for labels in labellings], axis=0
        ).min()
    )


def _matched_jaccard(reference: np.ndarray, labels: np.ndarray) -> np.ndarray:
    shared = contingency_matrix(reference, labels)
    union = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0) - shared
    jaccard = shared / union
    # A reference segment without a partner, where a label is unused, recurs with 0.
    matched = np.zeros(len(jaccard))
    rows, columns = linear_sum_assignment(jaccard, maximize=True)
    matched[rows] = jaccard[rows, columns]
    return matched


def _mixture_bic(components: np.ndarray, segment_count: int, seed: int) -> float:
    mixture = GaussianMixture(segment_count, random_state=seed)
    with warnings.catch_warnings():
        # The last iterate is close enough for an upper bound on the segments.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return float(mixture.fit(components).bic(components))


def _refusal(smallest_share: float, minimum_segment_share: float) -> str:
    return (
        f"Refused: the smallest segment holds {smallest_share:.2%} of the sample, at "
        f"least {minimum_segment_share:.2%} are required."
    )


def _failures(score: pd.Series, segment_count: int, optimum: int) -> list[str]:
    checks = {
        f"half samples agree with {score['stability']:.3f}, below "
        f"{_SMALLEST_STABILITY:.2f}": score["stability"] >= _SMALLEST_STABILITY,
        f"the least stable segment recurs with {score['smallest_jaccard']:.3f}, below "
        f"{_SMALLEST_JACCARD:.2f}": score["smallest_jaccard"] >= _SMALLEST_JACCARD,
        f"the mixture's BIC is best at {optimum} segments": segment_count <= optimum,
    }
    return [text for text, is_met in checks.items() if not is_met]


def _verdict(
    count: int, first: int, failures: dict[int, list[str]], scores: pd.DataFrame
) -> str:
    failed = "; ".join(failures[count])
    if count != first:
        return f"Not taken: {failed or f'{first} segments pass every check too'}."
    if failed:
        return (
            "Chosen although no number of segments passes every check, as the most "
            f"stable ({scores.loc[count, 'stability']:.3f}): {failed}."
        )
    return (
        "Chosen: the largest number of segments that is stable and not above the "
        "mixture's BIC optimum."
    )
