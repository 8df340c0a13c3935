import warnings

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score, silhouette_score

from segmentation import fit_kmeans, nearest_centre


def test_iris_gives_the_published_numbers():
    points, species = load_iris(return_X_y=True)
    fit = fit_kmeans(points, 3, 20170101)
    assert fit.inertia == pytest.approx(78.8514, abs=5e-5)
    assert sorted(np.bincount(fit.labels)) == [38, 50, 62]
    assert silhouette_score(points, fit.labels) == pytest.approx(0.5528, abs=5e-5)
    assert adjusted_rand_score(species, fit.labels) == pytest.approx(0.7302, abs=5e-5)


def test_centres_are_rounded_to_nine_decimals():
    points = np.array([[0.0], [1 / 3], [9.0], [10 / 3 + 6]])
    centres = sorted(fit_kmeans(points, 2, 1).centres.ravel().tolist())
    assert centres == [0.166666667, 9.166666667]


def test_nearest_centre_takes_the_first_of_a_tie():
    centres = np.array([[0.0, 0.0], [2.0, 0.0]])
    points = np.array([[1.0, 5.0], [1.1, 0.0], [0.9, 0.0]])
    assert nearest_centre(points, centres).tolist() == [0, 1, 0]


def test_fewer_distinct_rows_than_segments_leave_one_empty_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit = fit_kmeans(np.array([[0.0]] * 5 + [[1.0]] * 5), 3, 1)
    assert sorted(fit.shares.tolist()) == [0.0, 0.5, 0.5]
