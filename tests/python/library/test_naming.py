import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from segmentation.naming import (
    describe_segments,
    name_segments,
    standardised_differences,
)

FEATURES = list("abcdefg")
HIGH = pd.Series({feature: f"high {feature}" for feature in FEATURES})
UNRELATED = pd.DataFrame(np.eye(len(FEATURES)), index=FEATURES, columns=FEATURES)
LOW = pd.Series({feature: f"low {feature}" for feature in FEATURES})


def names(*rows: dict[str, float], high: pd.Series = HIGH) -> list[str]:
    differences = pd.DataFrame(rows, columns=FEATURES).fillna(0.0)
    return name_segments(differences, high, LOW, UNRELATED)


def test_differences_undo_weight_and_deviation():
    differences = standardised_differences(
        pd.DataFrame({"orders": [0.6], "is_member": [0.1]}),
        pd.Series({"orders": 0.5, "is_member": 0.5}),
        pd.Series({"orders": 1.0, "is_member": 0.4}),
    )
    assert np.allclose(differences, [[1.2, 0.5]])


def test_two_largest_differences_name_a_segment():
    assert names({"a": 0.5, "b": -2.0, "c": 1.0}) == ["Low b, high c"]


def test_ties_go_by_feature():
    assert names({"c": 1.0, "b": -1.0, "a": 1.0}) == ["High a, low b"]


def test_smallest_difference_counts():
    assert names({"a": 0.3, "b": -0.2999}) == ["High a"]
    assert names({"a": 0.2999}) == ["Average"]


def test_more_phrases_until_unique():
    first, second, third = names(
        {"a": 4, "b": 3, "c": 2, "d": 1},
        {"a": 4, "b": 3, "c": 2, "d": -1},
        {"e": 4, "f": 3, "g": 2},
    )
    assert first == "High a, high b, high c, high d"
    assert second == "High a, high b, high c, low d"
    assert third == "High e, high f"


def test_at_most_five_phrases_then_the_rank_of_size():
    same = {"a": 7, "b": 6, "c": 5, "d": 4, "e": 3}
    found = names({**same, "f": 2}, {**same, "f": -2}, {}, {}, {})
    assert found == [
        "High a, high b, high c, high d, high e",
        "High a, high b, high c, high d, high e (2)",
        "Average",
        "Average (2)",
        "Average (3)",
    ]


def test_a_missing_phrase_is_made_of_the_feature():
    high = HIGH.astype(object)
    high["a"], high["b"] = None, " "
    assert names({"a": 5, "b": 4}, high=high) == ["High a, high b"]
    high["a"] = "frequent"
    assert names({"a": 5, "b": 4}, high=high) == ["Frequent, high b"]


def test_a_repeated_phrase_is_said_once():
    high = HIGH.astype(object)
    high["b"] = high["a"]
    assert names({"a": 5, "b": 4, "c": 3}, high=high) == ["High a, high c"]


@given(
    st.lists(
        st.lists(st.sampled_from([-2.0, -0.5, 0.0, 0.5, 2.0]), min_size=7, max_size=7),
        min_size=2,
        max_size=8,
    )
)
def test_names_are_unique(rows):
    found = name_segments(pd.DataFrame(rows, columns=FEATURES), HIGH, LOW, UNRELATED)
    assert len(set(found)) == len(rows)


def test_of_two_features_that_say_the_same_the_second_waits():
    close = UNRELATED.copy()
    close.loc["a", "b"] = close.loc["b", "a"] = -0.61
    close.loc["c", "d"] = close.loc["d", "c"] = 0.6
    rows = pd.DataFrame([{"a": 5, "b": -4, "c": 3, "d": 2}], columns=FEATURES).fillna(0)
    assert name_segments(rows, HIGH, LOW, close) == ["High a, high c"]
    rows = pd.concat([rows, rows.assign(d=-2)], ignore_index=True)
    first, second = name_segments(rows, HIGH, LOW, close)
    assert first == "High a, high c, high d"
    assert second == "High a, high c, low d"
    alike = pd.DataFrame([{"a": 5, "b": -4}], columns=FEATURES).fillna(0)
    assert name_segments(alike, HIGH, LOW, close) == ["High a, low b"]


def test_description_gives_direction_and_size():
    rows = pd.DataFrame([{"a": 0.5, "b": -2.0, "c": 1.0}, {"a": 0, "b": 0.1, "c": 0}])
    assert describe_segments(rows) == [
        "Above average in c (+1.0 sd), a (+0.5 sd); below average in b (-2.0 sd).",
        "Close to the average customer in every feature.",
    ]
