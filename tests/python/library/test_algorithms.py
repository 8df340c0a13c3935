import warnings

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import HDBSCAN
from sklearn.datasets import make_moons
from sklearn.metrics import adjusted_rand_score

from segmentation.algorithms import (
    ALGORITHMS,
    MicroClusters,
    cut_merges,
    fit_algorithm,
    micro_clusters,
    mixture_bics,
    ward_merges,
)


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    return np.random.default_rng(5).normal(size=(120, 4))


def test_ward_of_single_points_is_that_of_scipy(points):
    merges = ward_merges(MicroClusters(points, np.ones(120, dtype=int)))
    tree = linkage(points, "ward")
    for count in (2, 5, 20):
        ours = cut_merges(merges, 120, count)
        theirs = fcluster(tree, count, "maxclust")
        assert adjusted_rand_score(ours, theirs) == 1


def test_ward_weighs_a_micro_cluster_like_its_members(points):
    # Three copies of a point merge first and at no cost.
    copies = np.repeat(points[:20], np.arange(1, 21) % 3 + 1, axis=0)
    theirs = fcluster(linkage(copies, "ward"), 4, "maxclust")
    sizes = np.arange(1, 21) % 3 + 1
    merges = ward_merges(MicroClusters(points[:20], sizes))
    ours = np.repeat(cut_merges(merges, 20, 4), sizes)
    assert adjusted_rand_score(ours, theirs) == 1


def test_micro_clusters_are_bounded_and_none_is_empty(points):
    many = np.random.default_rng(6).normal(size=(4000, 2))
    assert len(micro_clusters(many, 1).sizes) == 150
    few = micro_clusters(points, 1)
    assert len(few.sizes) == 12
    assert few.sizes.sum() == 120
    assert few.sizes.min() > 0
    assert len(micro_clusters(np.zeros((50, 2)), 1).sizes) == 1


def test_density_follows_shapes_that_kmeans_cuts():
    moons, truth = make_moons(1500, noise=0.06, random_state=3)
    (fit, _) = fit_algorithm("hdbscan", moons, (0.03, 0.08), 1).values()
    own = HDBSCAN(min_cluster_size=45, min_samples=10, copy=True).fit_predict(moons)
    assert adjusted_rand_score(truth, fit.labels) >= 0.95
    assert adjusted_rand_score(own, fit.labels) >= 0.95
    kmeans = fit_algorithm("kmeans", moons, (2,), 1)[2]
    assert adjusted_rand_score(truth, kmeans.labels) < 0.6


def test_density_keeps_noise_apart():
    generator = np.random.default_rng(4)
    blobs = np.repeat([[0, 0], [20, 0]], 300, axis=0) + generator.normal(size=(600, 2))
    far = generator.uniform(-60, 60, size=(60, 2)) + [0, 100]
    points = generator.permutation(np.vstack([blobs, far]))
    fit = fit_algorithm("hdbscan", points, (0.2,), 1)[0.2]
    assert fit.segment_count == 2
    assert fit.assign(np.array([[0.0, 0], [20, 0], [0, 100]])).tolist() in (
        [0, 1, -1],
        [1, 0, -1],
    )
    assert 0.05 <= fit.noise_share <= 0.15


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_same_whatever_the_random_state_of_others(algorithm, points):
    first = fit_algorithm(
        algorithm, points, (3,) if algorithm != "hdbscan" else (0.1,), 2
    )
    np.random.default_rng().normal(size=9)
    second = fit_algorithm(
        algorithm, points, (3,) if algorithm != "hdbscan" else (0.1,), 2
    )
    for ours, theirs in zip(first.values(), second.values(), strict=True):
        assert np.array_equal(ours.coordinates, theirs.coordinates)
        assert np.array_equal(ours.labels, theirs.labels)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_nothing_to_separate(algorithm):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for same in (np.zeros((40, 2)), np.repeat([[0.0], [1.0]], 20, axis=0)):
            for fit in fit_algorithm(algorithm, same, (2,), 1).values():
                assert len(fit.labels) == 40


def test_mixture_needs_as_many_customers_as_components():
    bics = mixture_bics(np.random.default_rng(1).normal(size=(4, 2)), range(3, 6), 1)
    assert np.isnan(list(bics.values())).tolist() == [False, False, True]
