import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segmentation.hierarchy import Merge, merge_rule_segments, merge_segments

PROJECT = Path(__file__).parents[3]


def test_hand_worked_merges():
    # 0 and 1 first; then Ward's sqrt(2 * 2 * 1 / 3) * |6.5 - 0.5| to the third.
    merges = merge_segments(np.array([[0.0], [6.5], [1.0]]), ["v_1", "v_2", "v_3"])
    assert merges[0] == Merge("v_1", "v_3", "v_1,v_3", 1.0)
    assert merges[1][:3] == ("v_2", "merge_01", "v_1,v_2,v_3")
    assert merges[1].height == round(np.sqrt(4 / 3) * 6, 9)


def test_centres_that_look_like_distances_are_still_centres():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        merges = merge_segments(np.array([[0.0, 3.0], [3.0, 0.0]]), ["v_1", "v_2"])
    assert merges == [Merge("v_1", "v_2", "v_1,v_2", round(np.sqrt(18), 9))]


def test_one_centre_cannot_merge():
    with pytest.raises(ValueError, match="empty"):
        merge_segments(np.array([[0.0]]), ["v_1"])


def centres(scores: list[tuple[float, float, float]], sizes: list[int]) -> pd.DataFrame:
    names = ["mean_recency_score", "mean_frequency_score", "mean_monetary_score"]
    return pd.DataFrame(scores, columns=names).assign(
        segmentation="value",
        model_version="v",
        segment_key=[f"s_{number}" for number in range(len(sizes))],
        customer_count=sizes,
    )


def test_segments_of_rules_weigh_by_their_customers():
    # Weights 0.5, 0.5 and 2. The mean of the first two is (1.5, 1, 1), of weight 1.
    merges = merge_rule_segments(centres([(1, 1, 1), (2, 1, 1), (4, 1, 1)], [1, 1, 4]))
    assert merges["left_node"].tolist() == ["s_0", "s_2"]
    assert merges["right_node"].tolist() == ["s_1", "merge_01"]
    assert merges["segment_keys"].tolist() == ["s_0,s_1", "s_0,s_1,s_2"]
    assert merges["step"].tolist() == [1, 2]
    first = np.sqrt(2 * 0.5 * 0.5) * 1
    second = np.sqrt(2 * 1 * 2 / 3) * 2.5
    assert merges["height"].tolist() == [round(first, 9), round(second, 9)]


def test_a_rare_segment_is_given_up_before_a_large_one():
    scores = [(1, 1, 1), (2, 1, 1), (4, 1, 1)]
    merges = merge_rule_segments(centres(scores, [100, 100, 1]))
    assert merges["segment_keys"].tolist() == ["s_1,s_2", "s_0,s_1,s_2"]


def test_segments_of_one_size_merge_as_learned_ones_do():
    scores = np.random.default_rng(5).uniform(1, 5, (9, 3))
    frame = centres([tuple(score) for score in scores], [7] * 9)
    found = merge_rule_segments(frame.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(found, merge_rule_segments(frame))
    expected = merge_segments(scores, frame["segment_key"].tolist())
    assert found["segment_keys"].tolist() == [merge.segment_keys for merge in expected]
    heights = [merge.height for merge in expected]
    np.testing.assert_allclose(found["height"], heights, rtol=0, atol=2e-9)


def test_a_single_segment_or_none_has_typed_columns_and_no_row():
    one = merge_rule_segments(centres([(1, 1, 1)], [3]))
    none = merge_rule_segments(centres([(1, 1, 1)], [3]).iloc[:0])
    assert one.empty
    pd.testing.assert_frame_equal(one, none)
    assert one.dtypes["height"] == "float64"


class FakeDbt:
    def ref(self, name: str) -> pd.DataFrame:
        assert name == "scored_rule_centres"
        return centres([(1, 1, 1), (2, 1, 1)], [1, 3])


def test_the_thin_model_merges_the_centres():
    path = PROJECT / "models/scoring/scored_rule_merges.py"
    specification = importlib.util.spec_from_file_location("thin_merges", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    merges = module.model(FakeDbt(), None)
    # Weights 0.5 and 1.5.
    assert merges["height"].tolist() == [round(np.sqrt(2 * 0.5 * 1.5 / 2), 9)]
