"""Probabilities that hold what they say, and measures of how well they do."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from segmentation.rounding import rounded, rounded_array

PLATT = "platt"
ISOTONIC = "isotonic"

_MOST_KNOTS = 50
# Weak enough to leave the slope alone, finite where the logits separate the labels.
_SLOPE_PENALTY = 1e6
_TOLERANCE = 1e-12


class Calibration(NamedTuple):
    """From logit to probability, as SQL can repeat it.

    ``kind`` 'platt': probability = 1 / (1 + exp(-(slope * logit + intercept))).
    ``kind`` 'isotonic': linear between ``knots``, an array (knots x 2) of logit and
    probability, both strictly increasing; constant beyond the first and the last.
    """

    kind: str
    slope: float | None
    intercept: float | None
    knots: np.ndarray

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """Calibrated probability of each logit (rows,)."""
        if self.kind == PLATT:
            return expit(self.slope * logits + self.intercept)
        return np.interp(logits, self.knots[:, 0], self.knots[:, 1])


def fit_calibration(
    logits: np.ndarray, labels: np.ndarray, isotonic_minimum_events: int
) -> Calibration:
    """Learn what a logit of a row that was not in the fit is worth.

    Parameters
    ----------
    logits : array (rows,) of finite out-of-fold logits
    labels : array (rows,) of 0 and 1, both of them present
    isotonic_minimum_events : number of ones from which on the curve is isotonic

    Returns
    -------
    Calibration with numbers rounded to 9 decimals.
    """
    if labels.sum() < isotonic_minimum_events:
        return fit_platt(logits, labels)
    return fit_isotonic(logits, labels)


def fit_platt(logits: np.ndarray, labels: np.ndarray) -> Calibration:
    """Fit slope and intercept by maximum likelihood (Platt 1999, without his priors).

    Parameters
    ----------
    logits : array (rows,), finite
    labels : array (rows,) of 0 and 1, both of them present

    Returns
    -------
    Calibration of kind 'platt'. The mean probability equals the mean label; a slope
    that would turn the ranking round is 0, so that everybody gets the mean label.
    """
    centre, scale = logits.mean(), logits.std() or 1.0
    model = LogisticRegression(
        C=_SLOPE_PENALTY, solver="newton-cholesky", tol=_TOLERANCE
    ).fit(((logits - centre) / scale)[:, np.newaxis], labels)
    slope = rounded(model.coef_[0, 0] / scale)
    intercept = rounded(model.intercept_[0] - slope * centre)
    if slope <= 0:
        share = labels.mean()
        slope, intercept = 0.0, rounded(np.log(share / (1 - share)))
    return Calibration(PLATT, slope, intercept, np.empty((0, 2)))


def fit_isotonic(logits: np.ndarray, labels: np.ndarray) -> Calibration:
    """Fit a rising curve of at most 50 knots, one in the middle of each block.

    Parameters
    ----------
    logits : array (rows,), finite
    labels : array (rows,) of 0 and 1, both of them present

    Returns
    -------
    Calibration of kind 'isotonic'. Its end blocks are smoothed to (k + 1/2) / (n + 1),
    k of n, so that no probability is 0 or 1; then all odds are multiplied by the one
    number that makes the mean probability the mean label.

    Notes
    -----
    Knots at the mean logit of each block rather than at its ends: the centred isotonic
    regression of Oron and Flournoy (2017), which is strictly increasing.
    """
    blocks = _thinned(_blocks(logits, labels))
    probabilities = _smoothed(blocks)
    # A smoothed end may pass its neighbour: then they are one block.
    while np.any(np.diff(probabilities) <= 0):
        at = 0 if probabilities[0] >= probabilities[1] else len(blocks) - 2
        blocks = _merged(blocks, at)
        probabilities = _smoothed(blocks)
    places = rounded_array(blocks[:, 0] / blocks[:, 1])
    # SQL divides by the difference of two logits.
    places, first = np.unique(places, return_index=True)
    balanced = _balanced(places, probabilities[first], logits, labels.mean())
    knots = np.column_stack([places, rounded_array(balanced)])
    return Calibration(ISOTONIC, None, None, knots)


def precision_at_share(labels: np.ndarray, scores: np.ndarray, share: float) -> float:
    """Share of ones among the highest scores.

    Parameters
    ----------
    labels : array (rows,) of 0 and 1
    scores : array (rows,), higher is more likely
    share : share of the rows that is listed, rounded to at least one row

    Returns
    -------
    The precision; of rows that tie at the end of the list the expected share counts.
    """
    listed = max(1, round(share * len(scores)))
    limit = np.sort(scores)[-listed]
    above, tied = scores > limit, scores == limit
    return float(
        (labels[above].sum() + labels[tied].mean() * (listed - above.sum())) / listed
    )


def calibration_error(
    labels: np.ndarray, probabilities: np.ndarray, groups: int = 10
) -> float:
    """Mean absolute gap between mean probability and share of ones over deciles.

    Parameters
    ----------
    labels : array (rows,) of 0 and 1
    probabilities : array (rows,)
    groups : number of groups by quantile of the probability; equal ones stay together

    Returns
    -------
    Mean gap, in units of probability, each group weighted by its rows (the expected
    calibration error of Naeini et al. 2015, over groups of equal size).
    """
    cuts = np.quantile(probabilities, np.arange(1, groups) / groups)
    group = np.searchsorted(np.unique(cuts), probabilities)
    gaps = pd.Series(probabilities - labels).groupby(group).sum()
    return float(gaps.abs().sum() / len(labels))


def _blocks(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Pool adjacent violators: array (blocks x 3) of summed logit, rows and events."""
    places, at = np.unique(rounded_array(logits), return_inverse=True)
    rows = np.bincount(at).astype(float)
    events = np.bincount(at, weights=labels)
    fitted = IsotonicRegression().fit_transform(
        places, events / rows, sample_weight=rows
    )
    starts = np.flatnonzero(np.r_[True, np.diff(fitted) > 0])
    return np.add.reduceat(np.column_stack([places * rows, rows, events]), starts)


def _thinned(blocks: np.ndarray) -> np.ndarray:
    """Join the neighbours that differ least (Ward) until few enough are left."""
    while len(blocks) > _MOST_KNOTS:
        rows, shares = blocks[:, 1], blocks[:, 2] / blocks[:, 1]
        losses = np.diff(shares) ** 2 / (1 / rows[:-1] + 1 / rows[1:])
        blocks = _merged(blocks, int(losses.argmin()))
    return blocks


def _smoothed(blocks: np.ndarray) -> np.ndarray:
    probabilities = blocks[:, 2] / blocks[:, 1]
    for end in (0, -1):
        probabilities[end] = (blocks[end, 2] + 0.5) / (blocks[end, 1] + 1)
    return probabilities


def _balanced(
    places: np.ndarray, probabilities: np.ndarray, logits: np.ndarray, share: float
) -> np.ndarray:
    odds = logit(probabilities)

    def excess(shift: float) -> float:
        return np.interp(logits, places, expit(odds + shift)).mean() - share

    return expit(odds + brentq(excess, -50, 50, xtol=1e-12))


def _merged(blocks: np.ndarray, at: int) -> np.ndarray:
    starts = np.delete(np.arange(len(blocks)), at + 1)
    return np.add.reduceat(blocks, starts)
