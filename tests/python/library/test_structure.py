import numpy as np
import pytest

from segmentation.structure import measure_valley, neighbours


def test_neighbours_have_nobody_between_them():
    centres = np.array([[0.0, 0], [4, 0], [2, 0.5], [2, 9]])
    assert neighbours(centres) == [(0, 2), (1, 2), (2, 3)]
    # The corners of a square lie on the ball of each diagonal, not in it.
    square = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    assert len(neighbours(square)) == 6
    assert neighbours(centres[:2]) == [(0, 1)]


def halves(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Learned half, its labels by the sign of the first column, unseen half."""
    learned, unseen = points[::2], points[1::2]
    return learned, (learned[:, 0] > 0).astype(int), unseen


def two_groups(distance: float, features: int = 3, seed: int = 1) -> np.ndarray:
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(4000, features))
    points[:, 0] += generator.choice([-0.5, 0.5], 4000) * distance
    return points


def test_depth_is_what_is_missing_between_the_groups():
    # Normal groups 4 apart: of windows 4/3 wide the one in the middle holds
    # 2 (Phi(2.67) - Phi(1.33)) = 0.18, those over the centres 0.50 each.
    valley = measure_valley(*halves(two_groups(4)), 0, 1)
    assert valley.depth == pytest.approx(0.65, abs=0.05)
    assert valley.significance > 10
    assert measure_valley(*halves(two_groups(9)), 0, 1).depth == 1


@pytest.mark.parametrize("features", [1, 2, 6])
def test_no_valley_in_clouds(features):
    generator = np.random.default_rng(2)
    clouds = (
        generator.uniform(-1, 1, size=(4000, features)),
        generator.normal(size=(4000, features)),
        two_groups(1.5, features),
    )
    for cloud in clouds:
        valley = measure_valley(*halves(cloud), 0, 1)
        assert valley.depth <= 0.05
        assert valley.significance <= 1


def test_a_third_group_does_not_fill_the_valley():
    generator = np.random.default_rng(3)
    corners = np.array([[-3.0, 0], [3, 0], [0, 5]])
    labels = np.arange(3000) % 3
    points = corners[labels] + generator.normal(size=(3000, 2))
    learned, unseen = points[:1500], points[1500:]
    alone = measure_valley(learned, labels[:1500], unseen, 0, 1)
    # The third lies over the middle: seen from the side it would be a hill.
    projected = np.abs(unseen[labels[1500:] == 2, 0]) < 0.75
    assert projected.sum() > 200
    assert alone.depth > 0.9


def test_who_has_no_member_has_no_valley():
    learned, labels, unseen = halves(two_groups(4))
    assert measure_valley(learned, labels, unseen, 0, 7) == (0, 0)
