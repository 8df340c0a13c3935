"""Which algorithm and how many segments: score all, choose by one written rule."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import pdist, squareform
from sklearn.metrics import (
    adjusted_rand_score,
    davies_bouldin_score,
    silhouette_score,
)
from sklearn.metrics.cluster import contingency_matrix

from segmentation.algorithms import (
    ALGORITHMS,
    fit_algorithm,
    mixture_bics,
    variants_of,
)
from segmentation.exemplars import NOISE, ExemplarFit
from segmentation.kmeans import nearest_centre
from segmentation.structure import Valley, measure_valley, neighbours

_SMALLEST_STABILITY = 0.80
_SMALLEST_JACCARD = 0.75
_SMALLEST_DEPTH = 0.1
_SMALLEST_SIGNIFICANCE = 1.0
_EQUAL_DEPTH = 0.1
_SILHOUETTE_ROWS = 2_000


class CandidateScore(NamedTuple):
    """Scores of one candidate; NaN where it cannot be fitted."""

    algorithm: str
    segment_count: int
    exemplar_count: int = 0
    silhouette: float = np.nan
    davies_bouldin: float = np.nan
    stability: float = np.nan
    mean_jaccard: float = np.nan
    smallest_jaccard: float = np.nan
    valley_depth: float = np.nan
    valley_significance: float = np.nan
    smallest_share: float = 0.0
    noise_share: float = 0.0
    bic: float = np.nan


class Candidates(NamedTuple):
    """Scores (DataFrame by name, with the fields of CandidateScore) and fits by name.

    A name is the algorithm and the number of segments: 'ward_04'.
    """

    scores: pd.DataFrame
    fits: Mapping[str, ExemplarFit]


class Ranking(NamedTuple):
    """Acceptable candidates by name, best first; why; and whether there is structure.

    ``has_structure`` tells whether the first passed every check; if not, it is the
    fallback. ``reasons`` is a Series by name.
    """

    names: list[str]
    reasons: pd.Series
    has_structure: bool


def score_candidates(
    points: np.ndarray,
    algorithms: Sequence[str],
    segment_counts: Sequence[int],
    stability_samples: int,
    random_seed: int,
) -> Candidates:
    """Score every algorithm with every number of segments on the same points.

    Parameters
    ----------
    points : array (customers x features), prepared, in an order that says nothing: the
        first 2,000 rows carry the silhouette
    algorithms : of ALGORITHMS
    segment_counts : numbers of segments to try, from 2
    stability_samples : number of half samples, at least 2
    random_seed : seed of every draw

    Notes
    -----
    Stability is the mean pairwise adjusted Rand index of half-sample fits, each of
    which labels all points (Ben-Hur, Elisseeff and Guyon 2002). Jaccard compares each
    segment with its one-to-one partner, averaged over the half samples (Hennig 2007).
    Valleys are those of ``measure_valley``, fitted on each half and measured on the
    other, the median over the halves and the least of all neighbouring segments; only
    stable candidates have one. Silhouette
    and Davies-Bouldin leave noise out. BIC is that of a Gaussian mixture with as many
    components. Time is not among them, because no two builds take the same: the number
    of exemplars is what a customer costs to score.
    """
    halves = _half_samples(len(points), stability_samples, random_seed)
    bics = mixture_bics(points, segment_counts, random_seed)
    distances = squareform(pdist(points[:_SILHOUETTE_ROWS]))
    scores: dict[str, CandidateScore] = {}
    fits: dict[str, ExemplarFit] = {}
    for algorithm in sorted(algorithms, key=ALGORITHMS.index):
        variants = variants_of(algorithm, segment_counts, _least(bics))
        references = fit_algorithm(algorithm, points, variants, random_seed)
        half_fits = [
            fit_algorithm(algorithm, points[half], variants, random_seed)
            for half in halves
        ]
        nearest: dict[int, np.ndarray] = {}
        for variant in variants:
            score = CandidateScore(algorithm, int(variant))
            reference = references.get(variant)
            if reference is not None:
                score = score._replace(
                    segment_count=reference.segment_count,
                    exemplar_count=len(reference.segments),
                )
            refits = [fitted[variant] for fitted in half_fits if variant in fitted]
            if reference is not None and len(refits) == len(halves):
                labellings = [_assign(refit, points, nearest) for refit in refits]
                score = _score(score, points, distances, reference, halves, labellings)
            score = score._replace(bic=bics.get(score.segment_count, np.nan))
            name = f"{algorithm}_{score.segment_count:02d}"
            # Two densities may find as many segments: the more stable one speaks.
            if name in scores and not score.stability > scores[name].stability:
                continue
            scores[name] = score
            if reference is not None:
                fits[name] = reference
    table = pd.DataFrame(scores.values(), index=pd.Index(scores, name="candidate"))
    return Candidates(table, fits)


def rank_candidates(
    scores: pd.DataFrame,
    minimum_segment_share: float,
    segment_counts: Sequence[int],
) -> Ranking:
    """Order the acceptable candidates, best first, and say why.

    Parameters
    ----------
    scores : DataFrame from ``score_candidates``
    minimum_segment_share : share of the sample the smallest segment must reach
    segment_counts : numbers of segments that are asked for

    Notes
    -----
    1. Refused before any score is looked at: a number of segments that was not asked
       for, or a smallest segment below the minimum share.
    2. A candidate shows clear structure where half samples agree (adjusted Rand >=
       0.80), every segment recurs in them (Jaccard >= 0.75), and between all
       neighbouring segments lies a valley (at least 0.1 of the lower peak and one
       standard error deep, in the least of all pairs).
    3. Of those the largest number of segments leads; of as many segments the deepest
       valley, where less than 0.1 apart the simpler algorithm in the order of
       ALGORITHMS.
    4. Without one there is no clear structure: of K-Means the number of segments on
       which half samples agree most leads, of equals the smaller one.
    """
    is_asked_for = scores["segment_count"].isin(segment_counts)
    refused = ~is_asked_for | is_degenerate(
        scores["smallest_share"], minimum_segment_share
    )
    acceptable = scores[~refused]
    failures = {name: _failures(row) for name, row in acceptable.iterrows()}
    passing = acceptable.loc[[name for name in failures if not failures[name]]]
    names = _by_quality(passing) or _fallbacks(acceptable)
    reasons = pd.Series(dtype=object)
    for name, score in scores.iterrows():
        reasons[name] = (
            _refusal(score, minimum_segment_share, segment_counts)
            if refused[name]
            else _verdict(name, names, failures[name])
        )
    return Ranking(names, reasons, not passing.empty)


def is_degenerate(
    smallest_share: float | pd.Series, minimum_segment_share: float
) -> bool | pd.Series:
    """Tell whether a smallest share, or each of several, is too small to be taken."""
    return (smallest_share < minimum_segment_share) | (smallest_share == 0)


def _least(bics: Mapping[int, float]) -> int:
    known = {count: bic for count, bic in bics.items() if not np.isnan(bic)}
    return min(known, key=known.get) if known else min(bics)


def _score(
    score: CandidateScore,
    points: np.ndarray,
    distances: np.ndarray,
    reference: ExemplarFit,
    halves: Sequence[np.ndarray],
    labellings: Sequence[np.ndarray],
) -> CandidateScore:
    score = score._replace(
        noise_share=reference.noise_share,
        smallest_share=float(reference.shares.min(initial=1.0))
        if reference.segment_count
        else 0.0,
    )
    if reference.segment_count < 2 or score.smallest_share == 0:
        return score
    matches = [_match(reference.labels, labels) for labels in labellings]
    jaccards = np.mean([match.jaccards for match in matches], axis=0)
    is_member = reference.labels != NOISE
    score = score._replace(
        silhouette=_silhouette(distances, reference.labels),
        davies_bouldin=davies_bouldin_score(
            points[is_member], reference.labels[is_member]
        ),
        stability=float(
            np.mean([adjusted_rand_score(a, b) for a, b in combinations(labellings, 2)])
        ),
        mean_jaccard=float(jaccards.mean()),
        smallest_jaccard=float(jaccards.min()),
    )
    if not _is_stable(score):
        return score
    valley = _shallowest(points, reference, halves, labellings, matches)
    return score._replace(
        valley_depth=valley.depth, valley_significance=valley.significance
    )


def _is_stable(score: CandidateScore) -> bool:
    return (
        score.stability >= _SMALLEST_STABILITY
        and score.smallest_jaccard >= _SMALLEST_JACCARD
    )


def _assign(
    fit: ExemplarFit, points: np.ndarray, nearest: dict[int, np.ndarray]
) -> np.ndarray:
    """Segment of each point; fits that share their exemplars share the search."""
    key = id(fit.coordinates)
    if key not in nearest:
        nearest[key] = nearest_centre(points, fit.coordinates)
    return fit.segments[nearest[key]]


def _half_samples(
    customer_count: int, samples: int, random_seed: int
) -> list[np.ndarray]:
    generator = np.random.default_rng(random_seed)
    size = customer_count // 2
    return [
        np.sort(generator.choice(customer_count, size, replace=False))
        for _ in range(samples)
    ]


def _silhouette(distances: np.ndarray, labels: np.ndarray) -> float:
    rows = np.flatnonzero(labels[: len(distances)] != NOISE)
    labels = labels[rows]
    if not 2 <= len(np.unique(labels)) < len(labels):
        return np.nan
    return silhouette_score(distances[np.ix_(rows, rows)], labels, metric="precomputed")


class _Match(NamedTuple):
    """Of each reference segment the label it recurs as, or None, and their Jaccard."""

    partners: list[int | None]
    jaccards: np.ndarray


def _match(reference: np.ndarray, labels: np.ndarray) -> _Match:
    segments, found = np.unique(reference), np.unique(labels)
    shared = contingency_matrix(reference, labels)
    union = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0) - shared
    # Noise is nobody's partner.
    shared = shared[segments != NOISE][:, found != NOISE]
    jaccard = shared / union[segments != NOISE][:, found != NOISE]
    # A segment without a partner, where a label is unused, recurs with 0.
    partners: list[int | None] = [None] * len(jaccard)
    jaccards = np.zeros(len(jaccard))
    labels_found = found[found != NOISE]
    for row, column in zip(*linear_sum_assignment(jaccard, maximize=True), strict=True):
        partners[row] = int(labels_found[column])
        jaccards[row] = jaccard[row, column]
    return _Match(partners, jaccards)


def _shallowest(
    points: np.ndarray,
    reference: ExemplarFit,
    halves: Sequence[np.ndarray],
    labellings: Sequence[np.ndarray],
    matches: Sequence[_Match],
) -> Valley:
    centres = np.array(
        [
            points[reference.labels == segment].mean(axis=0)
            for segment in range(reference.segment_count)
        ]
    )
    valleys = []
    for first, second in neighbours(centres):
        measured = []
        for half, labels, match in zip(halves, labellings, matches, strict=True):
            pair = match.partners[first], match.partners[second]
            if None in pair:
                measured.append(Valley(0.0, 0.0))
                continue
            unseen = np.delete(points, half, axis=0)
            measured.append(measure_valley(points[half], labels[half], unseen, *pair))
        valleys.append(np.median(measured, axis=0))
    depth, significance = np.min(valleys, axis=0)
    return Valley(float(depth), float(significance))


def _by_quality(passing: pd.DataFrame) -> list[str]:
    """Names by number of segments down, then by quality, equals by simplicity."""
    names: list[str] = []
    for _, group in sorted(passing.groupby("segment_count"), reverse=True):
        simplicity = group["algorithm"].map(ALGORITHMS.index)
        is_equal = group["valley_depth"] > group["valley_depth"].max() - _EQUAL_DEPTH
        order = pd.DataFrame(
            {
                "is_worse": ~is_equal,
                "simplicity": simplicity.where(is_equal, 0),
                "depth": (-group["valley_depth"]).where(~is_equal, 0),
            }
        )
        names += order.sort_values([*order.columns]).index.tolist()
    return names


def _fallbacks(acceptable: pd.DataFrame) -> list[str]:
    fallbacks = acceptable[acceptable["algorithm"] == "kmeans"]
    order = fallbacks.sort_values(
        ["stability", "segment_count"], ascending=[False, True]
    )
    return order.index.tolist()


def _refusal(
    score: pd.Series, minimum_segment_share: float, segment_counts: Sequence[int]
) -> str:
    if score["segment_count"] not in segment_counts:
        return (
            f"Refused: it finds {score['segment_count']} segments, "
            f"{min(segment_counts)} to {max(segment_counts)} are asked for."
        )
    return (
        f"Refused: the smallest segment holds {score['smallest_share']:.2%} of the "
        f"sample, at least {minimum_segment_share:.2%} are required."
    )


def _failures(score: pd.Series) -> list[str]:
    checks = {
        f"half samples agree with {score['stability']:.3f}, below "
        f"{_SMALLEST_STABILITY:.2f}": score["stability"] >= _SMALLEST_STABILITY,
        f"the least stable segment recurs with {score['smallest_jaccard']:.3f}, below "
        f"{_SMALLEST_JACCARD:.2f}": score["smallest_jaccard"] >= _SMALLEST_JACCARD,
        "two neighbouring segments run into each other": not (
            score["valley_depth"] < _SMALLEST_DEPTH
            or score["valley_significance"] < _SMALLEST_SIGNIFICANCE
        ),
    }
    return [text for text, is_met in checks.items() if not is_met]


def _verdict(name: str, ranked: list[str], failed: list[str]) -> str:
    if failed:
        why = "; ".join(failed)
        if name == ranked[0]:
            return f"Chosen as the fallback, for there is no clear structure: {why}."
        return f"Not taken: {why}."
    if name == ranked[0]:
        return (
            "Chosen: the largest number of segments that are stable and apart from "
            "each other, by the simplest algorithm that shows it."
        )
    return f"Not taken: {ranked[0]} passes every check too and comes first."
