"""Planted curves, hand-worked blocks, and means that have to hold."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from segmentation.calibration import (
    calibration_error,
    fit_calibration,
    fit_isotonic,
    fit_platt,
    precision_at_share,
)


def draw(probabilities: np.ndarray, seed: int = 3) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return (generator.random(probabilities.size) < probabilities).astype(float)


def plant(rows: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are twice too extreme and one too high."""
    logits = np.random.default_rng(1).normal(size=rows) * 2
    return logits, expit(0.5 * logits - 1)


def test_platt_finds_a_planted_slope_and_intercept():
    logits, truth = plant()
    found = fit_platt(logits, draw(truth))
    information = truth * (1 - truth)
    columns = np.column_stack([logits, np.ones_like(logits)])
    errors = np.sqrt(np.diag(np.linalg.inv(columns.T * information @ columns)))
    assert abs(found.slope - 0.5) < 3 * errors[0]
    assert abs(found.intercept + 1) < 3 * errors[1]
    np.testing.assert_allclose(found.probabilities(logits), truth, atol=0.02)


@pytest.mark.parametrize("fit", [fit_platt, fit_isotonic])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_the_mean_probability_is_the_mean_label(fit, share):
    logits = np.random.default_rng(5).normal(size=4000) * 3 + 7
    labels = draw(expit(logits - 7 + np.log(share / (1 - share))))
    probabilities = fit(logits, labels).probabilities(logits)
    assert probabilities.mean() == pytest.approx(labels.mean(), abs=1e-8)


def test_platt_stays_finite_where_the_logits_separate_the_labels():
    logits = np.linspace(-3, 3, 200)
    labels = (logits > 1).astype(float)
    found = fit_platt(logits, labels)
    probabilities = found.probabilities(logits)
    assert np.isfinite([found.slope, found.intercept]).all()
    assert probabilities.mean() == pytest.approx(labels.mean(), abs=1e-8)
    assert roc_auc_score(labels, probabilities) == 1


def test_platt_never_turns_a_ranking_round():
    logits, truth = plant(4000)
    labels = draw(truth)
    found = fit_platt(-logits, labels)
    assert found.slope == 0
    np.testing.assert_allclose(found.probabilities(logits), labels.mean(), atol=1e-8)


def test_the_same_logit_for_everybody_gets_the_mean_label():
    labels = np.r_[np.ones(30), np.zeros(70)]
    for fit in (fit_platt, fit_isotonic):
        found = fit(np.full(100, 0.5), labels)
        np.testing.assert_allclose(found.probabilities(np.array([0.5])), 0.3, atol=1e-8)


def test_isotonic_blocks_worked_by_hand():
    # Pooled: 0 0 | 1 0 | 1 1, with ends smoothed to 0.5/3 and 2.5/3, in the middle of
    # each block. The mean of the six is one half already.
    found = fit_isotonic(np.arange(6.0), np.array([0, 0, 1, 0, 1, 1.0]))
    np.testing.assert_allclose(
        found.knots, [[0.5, 1 / 6], [2.5, 1 / 2], [4.5, 5 / 6]], atol=1e-9
    )
    between = found.probabilities(np.array([-9, 1.5, 3.5, 9]))
    np.testing.assert_allclose(between, [1 / 6, 1 / 3, 2 / 3, 5 / 6], atol=1e-9)


def test_a_smoothed_end_does_not_pass_its_neighbour():
    # Blocks are 0 of 1, 1 of 40 and 30 of 30. The first becomes 1/4, above 1/40, so
    # that both are one, 1 of 41.
    logits = np.r_[-5.0, np.linspace(-4, -3, 40), np.linspace(0, 1, 30)]
    labels = np.r_[0.0, 1.0, np.zeros(39), np.ones(30)]
    knots = fit_isotonic(logits, labels).knots
    assert knots[:, 0] == pytest.approx([(-5 - 40 * 3.5) / 41, 0.5])
    assert knots[:, 1] == pytest.approx([1.5 / 42, 30.5 / 31], abs=0.01)


def test_isotonic_bends_where_platt_cannot():
    generator = np.random.default_rng(8)
    logits = generator.normal(size=60_000) * 2
    truth = 0.05 + 0.4 * (logits > -1) * expit(3 * logits) + 0.3 * (logits > 2)
    labels, fresh = draw(truth), draw(truth, seed=4)
    isotonic, platt = fit_isotonic(logits, labels), fit_platt(logits, labels)
    assert calibration_error(fresh, isotonic.probabilities(logits)) < 0.01
    assert calibration_error(fresh, platt.probabilities(logits)) > 0.02


def test_the_curve_is_short_strictly_rising_and_never_certain():
    generator = np.random.default_rng(9)
    logits = generator.normal(size=200_000) * 3
    knots = fit_isotonic(logits, draw(expit(logits))).knots
    assert 20 < len(knots) <= 50
    assert (np.diff(knots, axis=0) > 0).all()
    assert ((knots[:, 1] > 0) & (knots[:, 1] < 1)).all()
    np.testing.assert_allclose(
        np.interp([-3, 0, 3], knots[:, 0], knots[:, 1]), expit([-3, 0, 3]), atol=0.02
    )


def test_the_curve_is_isotonic_from_enough_events_on():
    logits, truth = plant(1000)
    labels = draw(truth)
    events = int(labels.sum())
    assert fit_calibration(logits, labels, events).kind == "isotonic"
    assert fit_calibration(logits, labels, events + 1).kind == "platt"


def test_precision_of_a_list_counts_ties_at_its_end_in_part():
    labels = np.array([1, 0, 1, 0, 0, 0, 0, 0, 0, 0.0])
    scores = np.array([9, 8, 7, 7, 1, 1, 1, 1, 1, 1.0])
    assert precision_at_share(labels, scores, 0.1) == 1
    assert precision_at_share(labels, scores, 0.2) == 0.5
    # One of the two that tie: half an event more.
    assert precision_at_share(labels, scores, 0.3) == pytest.approx(1.5 / 3)
    assert precision_at_share(labels, scores, 0.4) == 0.5


def test_calibration_error_worked_by_hand():
    probabilities = np.r_[np.full(50, 0.2), np.full(50, 0.6)]
    labels = np.r_[np.ones(15), np.zeros(35), np.ones(30), np.zeros(20)]
    # 0.3 against 0.2 in one half, 0.6 against 0.6 in the other.
    assert calibration_error(labels, probabilities) == pytest.approx(0.05)
