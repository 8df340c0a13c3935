import warnings

import numpy as np
import pytest

from segmentation.hierarchy import Merge, merge_segments


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
