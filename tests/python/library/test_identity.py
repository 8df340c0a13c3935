import numpy as np
import pandas as pd

from segmentation.identity import Link, match_keys, trace_lineage


def labels(counts: dict[tuple[str, object], int]) -> tuple[pd.Series, list[object]]:
    """Old and new label of customers, from the number who have each pair."""
    pairs = [pair for pair, count in counts.items() for _ in range(count)]
    return pd.Series([old for old, _ in pairs]), [new for _, new in pairs]


def test_keys_follow_the_customers_one_to_one():
    previous, segments = labels(
        {("s_1", 2): 60, ("s_1", 0): 10, ("s_2", 0): 50, ("s_3", 1): 30}
    )
    keys = match_keys(
        previous, np.array(segments), [2, 0, 1], "s", frozenset({"s_1", "s_2", "s_3"})
    )
    assert keys == {2: "s_1", 0: "s_2", 1: "s_3"}


def test_a_born_segment_gets_a_key_that_nobody_ever_had():
    previous, segments = labels({("s_1", 0): 60, ("s_1", 1): 40, ("s_2", 2): 50})
    keys = match_keys(previous, np.array(segments), [0, 2, 1], "s", frozenset({"s_7"}))
    assert keys == {0: "s_1", 2: "s_2", 1: "s_8"}


def test_little_in_common_is_no_match():
    # The only partner left shares a third of the smaller one.
    previous, segments = labels(
        {("s_1", 0): 100, ("s_2", 0): 60, ("s_2", 1): 30, ("s_1", 1): 60}
    )
    keys = match_keys(previous, np.array(segments), [0, 1], "s", frozenset())
    assert keys == {0: "s_1", 1: "s_3"}


def test_outliers_are_nobodys_predecessor():
    previous, segments = labels({("outlier", 0): 50, ("s_1", 1): 50, ("s_1", -1): 9})
    keys = match_keys(previous, np.array(segments), [0, 1], "s", frozenset())
    assert keys == {0: "s_2", 1: "s_1"}
    nobody = match_keys(previous[:50], np.array(segments)[:50], [0], "s", frozenset())
    assert nobody == {0: "s_1"}


def test_lineage_tells_splits_merges_births_and_deaths():
    previous, current = labels(
        {
            ("s_1", "s_1"): 60,
            ("s_1", "s_9"): 40,
            ("s_2", "s_2"): 50,
            ("s_3", "s_2"): 50,
            ("outlier", "s_2"): 7,
        }
    )
    links = trace_lineage(previous, pd.Series(current), ["s_1", "s_2", "s_3", "s_4"])
    assert links == [
        Link("born", "", "s_9", 0.0, 1.0),
        Link("kept", "s_1", "s_1", 0.6, 1.0),
        Link("split", "s_1", "s_9", 0.4, 1.0),
        Link("kept", "s_2", "s_2", 1.0, 0.5),
        Link("died", "s_3", "", 1.0, 0.0),
        Link("merged", "s_3", "s_2", 1.0, 0.5),
        Link("died", "s_4", "", 1.0, 0.0),
    ]


def test_everyday_traffic_is_no_split():
    previous, current = labels(
        {("s_1", "s_1"): 90, ("s_1", "s_2"): 10, ("s_2", "s_2"): 95, ("s_2", "s_1"): 5}
    )
    links = trace_lineage(previous, pd.Series(current), ["s_1", "s_2"])
    assert [link.event for link in links] == ["kept", "kept"]
