import numpy as np
import pytest

from segmentation.drift import bin_shares, population_stability_index


def test_bins_are_deciles_and_missing_ones_are_a_bin():
    values = np.r_[np.arange(1.0, 101), [np.nan] * 25]
    edges, shares = bin_shares(values)
    assert [float(edge) for edge in edges.split()][:2] == [10.9, 20.8]
    assert [float(share) for share in shares.split()] == [0.08] * 10 + [0.2]


def test_index_by_hand():
    # Half below 1 and half above; then a quarter and three quarters.
    index = population_stability_index("1.0", "0.5 0.5 0.0", np.array([0.0, 2, 2, 2]))
    assert index == pytest.approx(-0.25 * np.log(0.5) + 0.25 * np.log(1.5))
    same = population_stability_index("1.0", "0.5 0.5 0.0", np.array([1.0, 2]))
    assert same == 0


def test_a_feature_that_goes_missing_drifts():
    edges, shares = bin_shares(np.arange(1000.0))
    gone = population_stability_index(edges, shares, np.full(50, np.nan))
    assert gone > 5
    assert population_stability_index(edges, shares, np.arange(0, 1000, 7.0)) < 0.01


def test_constant_and_unknown_values_have_bins_too():
    assert bin_shares(np.ones(4)) == ("1.0", "1.0 0.0 0.0")
    assert bin_shares(np.full(2, np.nan)) == ("", "0.0 1.0")
