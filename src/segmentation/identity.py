"""Segments that keep their key from fit to fit."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from segmentation.history import OUTLIER_KEY

# Of the smaller of two segments; less in common is another segment.
_SMALLEST_OVERLAP = 0.5
# Of a segment; smaller moves are everyday traffic.
_SMALLEST_PART = 0.2


class Link(NamedTuple):
    """How a segment became another one, or came from nothing, or ended.

    ``event`` is kept, split, merged, born or died; a key is empty where there is none.
    Shares are of the previous and of the new segment.
    """

    event: str
    previous_segment_key: str
    segment_key: str
    share_of_previous: float
    share_of_segment: float


def match_keys(
    previous: pd.Series,
    segments: np.ndarray,
    order: Sequence[int],
    segmentation: str,
    used_keys: frozenset[str],
) -> dict[int, str]:
    """Give each new segment the key of its predecessor, or one never used before.

    Parameters
    ----------
    previous : Series by customer of the keys that the model in force gives
    segments : array (customers,) of the segments that the new fit gives, counted from
        0, -1 for outliers
    order : the new segments in the order in which new keys are handed out
    segmentation : what keys start with
    used_keys : keys of all versions there ever were

    Returns
    -------
    Segment -> key. Segments are matched one to one so that most customers keep theirs
    (Kuhn 1955); a pair that shares less than half of the smaller one is no match.
    """
    shared = _shared(previous, segments)
    keys: dict[int, str] = {}
    if not shared.empty:
        rows, columns = linear_sum_assignment(shared.to_numpy(), maximize=True)
        for row, column in zip(rows, columns, strict=True):
            smaller = min(shared.iloc[row].sum(), shared.iloc[:, column].sum())
            if shared.iat[row, column] >= _SMALLEST_OVERLAP * max(smaller, 1):
                keys[int(shared.columns[column])] = str(shared.index[row])
    number = max((_number(key) for key in used_keys | {*previous}), default=0)
    for segment in order:
        if segment not in keys:
            number += 1
            keys[segment] = f"{segmentation}_{number}"
    return keys


def trace_lineage(
    previous: pd.Series, current: pd.Series, used_keys: Sequence[str]
) -> list[Link]:
    """List what became of each segment, from the labels of the same customers.

    Parameters
    ----------
    previous, current : Series by customer of segment keys; outliers are left out
    used_keys : keys of the previous model, also of segments without a customer

    Returns
    -------
    One Link per kept key, per part of a split or merged segment that holds at least a
    fifth of it, per birth and per death, sorted by keys.
    """
    is_known = (previous != OUTLIER_KEY) & (current != OUTLIER_KEY)
    flows = pd.crosstab(previous[is_known], current[is_known])
    flows = flows.reindex(index=sorted({*used_keys, *flows.index}), fill_value=0)
    of_previous = flows.div(flows.sum(axis=1).clip(lower=1), axis=0)
    of_current = flows.div(flows.sum(axis=0).clip(lower=1), axis=1)
    links = []
    for old in flows.index:
        for new in flows.columns:
            event = _event(old, new, of_previous, of_current)
            if event:
                links.append(
                    Link(
                        event,
                        old,
                        new,
                        float(of_previous.at[old, new]),
                        float(of_current.at[old, new]),
                    )
                )
    links += [Link("born", "", key, 0.0, 1.0) for key in {*current} - {*flows.index}]
    links += [Link("died", key, "", 1.0, 0.0) for key in {*flows.index} - {*current}]
    return sorted(
        (link for link in links if OUTLIER_KEY not in link[1:3]),
        key=lambda link: (link.previous_segment_key, link.segment_key, link.event),
    )


def _event(
    old: str, new: str, of_previous: pd.DataFrame, of_current: pd.DataFrame
) -> str:
    if old == new:
        return "kept"
    if (of_current.loc[:, new] >= _SMALLEST_PART).sum() > 1 and (
        of_previous.at[old, new] >= 1 - _SMALLEST_PART
    ):
        return "merged"
    if (of_previous.loc[old] >= _SMALLEST_PART).sum() > 1 and (
        of_current.at[old, new] >= 1 - _SMALLEST_PART
    ):
        return "split"
    return ""


def _shared(previous: pd.Series, segments: np.ndarray) -> pd.DataFrame:
    is_known = (previous != OUTLIER_KEY).to_numpy() & (segments >= 0)
    return pd.crosstab(previous.to_numpy()[is_known], segments[is_known])


def _number(key: str) -> int:
    number = key.rpartition("_")[2]
    return int(number) if number.isdigit() else 0
