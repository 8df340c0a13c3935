"""What an order is worth: the Gamma-Gamma model of mean order amounts."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, psi

from segmentation.rounding import rounded

FITTED = "fitted"
INSUFFICIENT = "insufficient_repeat"
DEGENERATE = "degenerate"
NOT_CONVERGED = "not_converged"

# Beyond it frequent customers spend differently; 0.1 would be ideal.
_CORRELATION_LIMIT = 0.3
# Where the search ends, and from where on a parameter counts as without an end.
_LARGEST = np.log(1e5)
_EDGE = np.log(1e4)
# Of the gradient of the mean log-likelihood in logarithms of the parameters.
_GRADIENT_LIMIT = 1e-6
_NEWTON_STEPS = 10
_NEWTON_LIMIT = 1e-13
_DIFFERENCE = 1e-4
_EQUAL_LOSS = 1e-8

# p, q, gamma, correlation and is_independent of what could not be learned.
_NO_MODEL = (np.nan, np.nan, np.nan, np.nan, False)


class Maximum(NamedTuple):
    """Logarithms of the parameters, whether they are a maximum, which had no end."""

    logs: np.ndarray
    is_converged: bool
    is_at_edge: np.ndarray


class OrderValueFit(NamedTuple):
    """What was learned of order values; NaN where it could not be learned.

    ``gamma`` and ``population_mean_amount`` are in the unit of the amounts; the latter
    is that of the sample where there is no model that suits it.
    """

    status: str
    reason: str
    p: float
    q: float
    gamma: float
    correlation: float
    is_independent: bool
    population_mean_amount: float


def fit_order_values(
    repeat_count: np.ndarray, mean_amount: np.ndarray, minimum_customers: int = 1
) -> OrderValueFit:
    """Fit the Gamma-Gamma model to the mean amounts of repeat orders.

    Parameters
    ----------
    repeat_count : array (customers,), orders that the mean is taken over
    mean_amount : array (customers,), in any currency; who has no repeat order or no
        positive mean does not take part
    minimum_customers : fewer who take part are not fitted

    Returns
    -------
    Status 'fitted', 'insufficient_repeat', 'degenerate' (the data do not say how
    customers differ, or the mean has no end) or 'not_converged' (parameters NaN), and
    the reason in words. ``correlation`` is Pearson's, of repeat count and mean amount;
    ``is_independent`` that it was measured and is below 0.3, as the model assumes
    (below 0.1 would be ideal). ``population_mean_amount`` is ``p gamma / (q - 1)``
    where fitted and independent, else the mean of the mean amounts, so that there is
    something to shrink own means towards; NaN where nobody takes part. Numbers are
    rounded to 9 decimals. The order of the customers does not matter.

    Notes
    -----
    Maximum likelihood after Fader, Hardie, 'The Gamma-Gamma Model of Monetary Value'
    (2013).
    """
    x, z = np.asarray(repeat_count, dtype=float), np.asarray(mean_amount, dtype=float)
    takes_part = np.isfinite(x) & (x > 0) & np.isfinite(z) & (z > 0)
    x, z = x[takes_part], z[takes_part]
    order = np.lexsort((z, x))
    x, z = x[order], z[order]
    count = len(x)
    sample_mean = rounded(z.mean()) if count else np.nan
    if count < max(minimum_customers, 1):
        reason = (
            f"{count} customers bought again for a positive amount, at least "
            f"{max(minimum_customers, 1)} are required."
        )
        return OrderValueFit(INSUFFICIENT, reason, *_NO_MODEL, sample_mean)
    # Currencies differ by orders of magnitude; the search should not.
    scale = z.mean()
    found = maximise(
        lambda logs: _gamma_gamma_loss(logs, x, z / scale), np.log([[2.0, 2.0, 1.0]])
    )
    if not (found.is_converged or found.is_at_edge.any()):
        reason = f"The search for order values among {count} customers did not end."
        return OrderValueFit(NOT_CONVERGED, reason, *_NO_MODEL, sample_mean)
    correlation = _correlation(x, z)
    is_independent = bool(abs(correlation) < _CORRELATION_LIMIT)
    p, q, gamma = (rounded(value) for value in np.exp(found.logs) * [1, 1, scale])
    status, independence = FITTED, _independence_sentence(correlation, is_independent)
    reason = f"Fitted to {count} customers who bought again. {independence}"
    if found.is_at_edge.any():
        status = DEGENERATE
        reason = edge_sentence(("p", "q", "gamma"), found.is_at_edge, count)
    elif q <= 1:
        reason = f"The mean order value of {count} customers has no end (q = {q:.3f})."
        status = DEGENERATE
    is_suited = status == FITTED and is_independent
    mean = rounded(p * gamma / (q - 1)) if is_suited else sample_mean
    return OrderValueFit(status, reason, p, q, gamma, correlation, is_independent, mean)


def expected_order_value(
    x: np.ndarray, z: np.ndarray, p: float, q: float, gamma: float
) -> np.ndarray:
    """Expect the mean amount of orders: the own mean, shrunk towards everybody's.

    Parameters
    ----------
    x : repeat orders
    z : mean amount of them; NaN where unknown, which counts as no repeat order
    p, q, gamma : of the Gamma-Gamma model, gamma in the unit of z

    Returns
    -------
    Array in the unit of z, ``p (gamma + x z) / (p x + q - 1)``; NaN where the mean of
    the posterior has no end (q <= 1 without repeat orders).
    """
    x, z = np.broadcast_arrays(np.asarray(x, float), np.asarray(z, float))
    is_known = np.isfinite(z)
    known = np.where(is_known, x, 0.0)
    weight = p * known + q - 1
    total = gamma + known * np.where(is_known, z, 0.0)
    return np.divide(p * total, weight, np.full(x.shape, np.nan), where=weight > 0)


def maximise(
    loss: Callable[[np.ndarray], tuple[float, np.ndarray]], starts: np.ndarray
) -> Maximum:
    """Find the parameters of the highest likelihood, in logarithms.

    Parameters
    ----------
    loss : mean negative log-likelihood and its gradient at an array (parameters,) of
        logarithms
    starts : array (searches, parameters), logarithms to begin with; of equal ends the
        first counts

    Notes
    -----
    L-BFGS-B comes near, Newton's method (curvature from differences of the gradient)
    then to the last digits, so that a rounded parameter is the same on any machine.
    """
    bounds = [(-_LARGEST, _LARGEST)] * starts.shape[1]
    options = {"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-8}
    ends = [
        minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options
        )
        for start in starts
    ]
    lowest = min(end.fun for end in ends)
    near = next(end for end in ends if end.fun <= lowest + _EQUAL_LOSS)
    logs, (value, gradient) = near.x, loss(near.x)
    for _ in range(_NEWTON_STEPS):
        if np.abs(gradient).max() < _NEWTON_LIMIT or (np.abs(logs) > _EDGE).any():
            break
        curvature = _curvature(loss, logs)
        if np.linalg.eigvalsh(curvature)[0] <= 0:
            break
        step = np.linalg.solve(curvature, -gradient)
        following = logs + step / max(1.0, np.abs(step).max())
        next_value, next_gradient = loss(following)
        is_nearer = np.abs(next_gradient).max() < np.abs(gradient).max()
        if not (is_nearer or next_value < value):
            break
        logs, value, gradient = following, next_value, next_gradient
    is_at_edge = np.abs(logs) > _EDGE
    is_flat = np.isfinite(value) and np.abs(gradient).max() < _GRADIENT_LIMIT
    return Maximum(logs, bool(is_flat), is_at_edge)


def edge_sentence(names: tuple[str, ...], is_at_edge: np.ndarray, count: int) -> str:
    """Say which parameters have no end; one at least has none."""
    named = [name for name, is_it in zip(names, is_at_edge, strict=True) if is_it]
    verb = "Parameters {} are" if named[1:] else "Parameter {} is"
    return (
        f"{verb.format(', '.join(named))} at the edge of the search: {count} customers "
        "do not show how much customers differ."
    )


def _curvature(
    loss: Callable[[np.ndarray], tuple[float, np.ndarray]], logs: np.ndarray
) -> np.ndarray:
    steps = np.eye(len(logs)) * _DIFFERENCE
    rows = [(loss(logs + step)[1] - loss(logs - step)[1]) for step in steps]
    matrix = np.array(rows) / (2 * _DIFFERENCE)
    return (matrix + matrix.T) / 2


def _gamma_gamma_loss(
    logs: np.ndarray, x: np.ndarray, z: np.ndarray
) -> tuple[float, np.ndarray]:
    p, q, gamma = np.exp(logs)
    shape, total = p * x, gamma + x * z
    log_share = np.log(x * z / total)
    value = (
        gammaln(shape + q)
        - gammaln(shape)
        - gammaln(q)
        + shape * log_share
        + q * np.log(gamma / total)
        - np.log(z)
    )
    slope = psi(shape + q)
    gradient = [
        p * (x * (slope - psi(shape) + log_share)).mean(),
        q * (slope - psi(q) + np.log(gamma / total)).mean(),
        (q - gamma * (shape + q) / total).mean(),
    ]
    return -value.mean(), -np.array(gradient)


def _correlation(x: np.ndarray, z: np.ndarray) -> float:
    if np.ptp(x) == 0 or np.ptp(z) == 0:
        return np.nan
    return rounded(np.corrcoef(x, z)[0, 1])


def _independence_sentence(correlation: float, is_independent: bool) -> str:
    if np.isnan(correlation):
        return "Whether frequent customers spend differently cannot be measured."
    sentence = f"Repeat orders and mean amount have a correlation of {correlation:.2f}"
    if is_independent:
        return f"{sentence}."
    return f"{sentence}, beyond {_CORRELATION_LIMIT}: the model does not suit them."
