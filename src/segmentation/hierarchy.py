"""How segments merge into fewer, for the dendrogram."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import pdist

from segmentation.rounding import rounded

_SCORES = ["mean_recency_score", "mean_frequency_score", "mean_monetary_score"]
_COLUMN_TYPES = {
    "segmentation": "str",
    "model_version": "str",
    "step": "int64",
    "left_node": "str",
    "right_node": "str",
    "segment_keys": "str",
    "height": "float64",
}


class Merge(NamedTuple):
    """Two nodes that become one; a node is a segment key or an earlier merge."""

    left_node: str
    right_node: str
    segment_keys: str
    height: float


def merge_segments(centres: np.ndarray, segment_keys: Sequence[str]) -> list[Merge]:
    """Ward's linkage over the centres (Ward 1963).

    Parameters
    ----------
    centres : array (segments x features), at least two rows
    segment_keys : key of each row

    Returns
    -------
    One merge fewer than segments, from the closest pair to the last; later merges call
    them 'merge_01' onwards. ``segment_keys`` lists, joined by commas, all segments
    below the merge. Heights are Ward distances in units of the centres and never
    decrease.

    Raises
    ------
    ValueError
        There are fewer than two centres.
    """
    # Distances, because a square array of centres could be mistaken for some.
    tree = linkage(pdist(centres), "ward")
    return _named((step[:3] for step in tree), segment_keys)


def merge_rule_segments(centres: pd.DataFrame) -> pd.DataFrame:
    """Ward's linkage over segments that rules made, each weighing by its customers.

    Parameters
    ----------
    centres : DataFrame with segmentation, model_version, segment_key, customer_count
        (above 0) and mean_recency_score, mean_frequency_score and mean_monetary_score
        (1 to 5)

    Returns
    -------
    DataFrame with segmentation, model_version, step (from 1), left_node, right_node,
    segment_keys and height, as ``merge_segments`` gives them. Heights are Ward
    distances in scores, sqrt(2 w v / (w + v)) times the distance of the means, where
    the weights w and v are customers over those of an average segment; with segments of
    one size they are those of ``merge_segments``. A single segment has no row.

    Notes
    -----
    Weighted, because a centre here is the mean of its customers and nothing else: the
    square of a height is, but for the factor, what the merge adds to the sum of squares
    around the means.
    """
    rows = []
    for (segmentation, model_version), found in centres.groupby(
        ["segmentation", "model_version"]
    ):
        ordered = found.sort_values("segment_key")
        tree = _weighted_tree(
            ordered[_SCORES].to_numpy(dtype=float),
            ordered["customer_count"].to_numpy(dtype=float),
        )
        merges = _named(tree, ordered["segment_key"].tolist())
        rows += [
            (segmentation, model_version, step, *merge)
            for step, merge in enumerate(merges, start=1)
        ]
    return pd.DataFrame(rows, columns=list(_COLUMN_TYPES)).astype(_COLUMN_TYPES)


def _weighted_tree(
    centres: np.ndarray, sizes: np.ndarray
) -> Iterator[tuple[int, int, float]]:
    """Nodes that merge and how high; nodes from the number of centres on are merges."""
    nodes = {
        node: (centre, weight)
        for node, (centre, weight) in enumerate(
            zip(centres, sizes / sizes.mean(), strict=True)
        )
    }
    for merged in range(len(centres), 2 * len(centres) - 1):
        # Rounded, so that ties go to the first nodes on every machine.
        height, left, right = min(
            (rounded(_ward_distance(nodes[left], nodes[right])), left, right)
            for left, right in combinations(sorted(nodes), 2)
        )
        (here, weight), (there, other) = nodes.pop(left), nodes.pop(right)
        mean = (here * weight + there * other) / (weight + other)
        nodes[merged] = (mean, weight + other)
        yield left, right, height


def _ward_distance(
    left: tuple[np.ndarray, float], right: tuple[np.ndarray, float]
) -> float:
    (here, weight), (there, other) = left, right
    factor = np.sqrt(2 * weight * other / (weight + other))
    return float(factor * np.linalg.norm(here - there))


def _named(tree: Iterable[Sequence[float]], segment_keys: Sequence[str]) -> list[Merge]:
    nodes = list(segment_keys)
    segments_below = [[key] for key in segment_keys]
    merges = []
    for step, (left, right, height) in enumerate(tree, start=1):
        below = sorted(segments_below[int(left)] + segments_below[int(right)])
        merges.append(
            Merge(nodes[int(left)], nodes[int(right)], ",".join(below), rounded(height))
        )
        nodes.append(f"merge_{step:02d}")
        segments_below.append(below)
    return merges
