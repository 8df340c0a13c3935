"""How segments merge into fewer, for the dendrogram."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import pdist

from segmentation.rounding import rounded


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
    nodes = list(segment_keys)
    segments_below = [[key] for key in segment_keys]
    merges = []
    # Distances, because a square array of centres could be mistaken for some.
    tree = linkage(pdist(centres), "ward")
    for step, (left, right, height, _) in enumerate(tree, start=1):
        below = sorted(segments_below[int(left)] + segments_below[int(right)])
        merges.append(
            Merge(nodes[int(left)], nodes[int(right)], ",".join(below), rounded(height))
        )
        nodes.append(f"merge_{step:02d}")
        segments_below.append(below)
    return merges
