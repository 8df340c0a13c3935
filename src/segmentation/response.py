"""What more or less spend would bring in: a concave response curve per segment."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from segmentation.allocation import (
    CURVES,
    Problem,
    allocate,
    expected_margin,
    fill,
    marginal_return,
)
from segmentation.rounding import rounded_array
from segmentation.settings import Limits, TextSettings

MEASURED = "measured"
ASSUMED = "assumed"

FITTED = "fitted"
INSUFFICIENT = "insufficient_variation"
NO_HISTORY = "no_history"
NEGATIVE = "negative_response"

# Of ln(b / mean spend): between segments, and of what they have in common around 0.
_SHAPE_SPREAD = 0.5
_COMMON_SHAPE_SPREAD = 1.0
# Of the share of the margin that comes without marketing, between segments.
_BASELINE_SPREAD = 0.1
_SHAPES = np.arange(-30, 31) / 10
_COMMON_SHAPES = np.arange(-15, 16) / 5
_BASELINE_SHARES = np.arange(1, 20, 2) / 20
# Of the mean margin; periods below it are not trusted more than those at it.
_LOWEST_SCALE = 0.2
# Of the variance of a regressor; less than it is left by the others is nothing.
_COLLINEAR = 1e-9
# Of relative errors in history; below it rounding would be taken for evidence.
_SMALLEST_VARIANCE = 1e-10
_QUANTILES = {"p05": 0.05, "p50": 0.5, "p95": 0.95}

_HISTORY = ["segment_key", "period_on", "spend_amount", "margin_amount"]
_INCREMENTS = [
    "segment_key",
    "spend_amount",
    "incremental_margin_amount",
    "standard_error",
]
_RESPONSE_TYPES = {
    "segment_key": "str",
    "curve": "str",
    "evidence": "str",
    "status": "str",
    "reason": "str",
    "periods": "int64",
    "lowest_spend_amount": "float64",
    "highest_spend_amount": "float64",
    "mean_spend_amount": "float64",
    "baseline_margin_amount": "float64",
    "a": "float64",
    "b": "float64",
    "a_standard_error": "float64",
    "b_standard_error": "float64",
    **{f"{name}_{part}": "float64" for name in "ab" for part in _QUANTILES},
}
_DRAW_TYPES = {"draw": "int64", "segment_key": "str", "a": "float64", "b": "float64"}
_LIMIT_TYPES = {
    "segment_key": "str",
    "floor_amount": "float64",
    "cap_amount": "float64",
}
_INTERVAL_TYPES = {
    "segment_key": "str",
    **{f"spend_{part}_amount": "float64" for part in _QUANTILES},
    "probability_marginal_return_above_one": "float64",
}


@dataclass(frozen=True, kw_only=True)
class ResponseSettings(TextSettings):
    """What steers the curves and the budget; fields are settings of the same name.

    ``minimum_response_periods`` and ``minimum_spend_range`` (highest over lowest spend)
    are what a shape is learned from at least; ``response_draws`` the number of
    bootstrap draws; ``budget_maximum_change`` a share of today's spend and
    ``minimum_test_amount`` an amount: the larger is the furthest that an assumed curve
    may move a segment.
    """

    response_curve: str
    minimum_response_periods: int
    minimum_spend_range: float
    response_draws: int
    budget_maximum_change: float
    minimum_test_amount: float
    random_seed: int

    choices: ClassVar[dict[str, tuple[str, ...]]] = {"response_curve": CURVES}
    numbers: ClassVar[dict[str, Limits]] = {
        "minimum_response_periods": (int, 4, 10**6),
        "minimum_spend_range": (float, 1, 10**6),
        "response_draws": (int, 2, 10**5),
        "budget_maximum_change": (float, 0, 10**6),
        "minimum_test_amount": (float, 0, 10**12),
        "random_seed": (int, 0, 2**32 - 1),
    }


class Observations(NamedTuple):
    """What was seen of a segment.

    Arrays (periods,): ``spend``, ``margin`` (that of the increments where
    ``is_measured``) and its ``error`` (standard error; without a meaning in history);
    ``features`` (periods x baseline features), centred.
    """

    is_measured: bool
    spend: np.ndarray
    margin: np.ndarray
    error: np.ndarray
    features: np.ndarray

    @property
    def mean_spend(self) -> float:
        """Mean spend per period."""
        return float(self.spend.mean())


class Profile(NamedTuple):
    """Fits of a segment for each draw, share of the baseline and shape.

    Arrays (draws x shares x shapes): ``loss`` is minus twice the log-likelihood but for
    a constant, ``slope`` the a of least squares, ``baseline`` the margin without spend.
    """

    loss: np.ndarray
    slope: np.ndarray
    baseline: np.ndarray


class Curve(NamedTuple):
    """Curves of a segment: arrays (1 + draws,), of which the first is the estimate.

    ``slope`` is a before what is negative counts as 0; ``baseline`` is the mean margin
    without marketing, NaN where it was not learned.
    """

    slope: np.ndarray
    b: np.ndarray
    baseline: np.ndarray

    @property
    def a(self) -> np.ndarray:
        """The ceiling (Hill) or scale (log), at least 0."""
        return np.maximum(self.slope, 0.0)


def fit_responses(
    history: pd.DataFrame,
    increments: pd.DataFrame,
    settings: Mapping[str, str | None],
    segment_keys: Iterable[str] = (),
) -> pd.DataFrame:
    """Learn how the margin of each segment responds to the spend on it.

    Parameters
    ----------
    history : DataFrame with segment_key, period_on, spend_amount and margin_amount
        (before marketing cost, per period, all of it whatever brought it), one row per
        segment and period; every further column is a number that the baseline depends
        on, such as a season's index
    increments : DataFrame with segment_key, spend_amount, incremental_margin_amount and
        standard_error (of that amount), one row per segment and period or campaign with
        a randomised holdout, spend and margin per the same period as in the history.
        A row without one of the numbers was not measured and is left out
    settings : mapping of setting to text; unknown keys are ignored
    segment_keys : segments that get a row even if nothing was seen of them

    Returns
    -------
    DataFrame with a row per segment, sorted by segment_key: curve ('hill': ``a x / (b +
    x)``, 'log': ``a ln(1 + x / b)``), a and b, evidence, status, reason (a sentence),
    periods, lowest, highest and mean spend seen, baseline_margin_amount (mean margin
    per period without marketing; NaN where measured), standard errors of a and b (of
    the draws) and their quantiles over the draws. Numbers are rounded to 9 decimals.
    evidence is 'measured' where there is an increment, which then counts alone, else
    'assumed'. status is

    - 'fitted';
    - 'insufficient_variation': fewer periods (less one per baseline feature) than
      minimum_response_periods, or a range of spend below minimum_spend_range. b is the
      mean spend. a follows from the increments; where there are none, the curve runs
      through mean spend and the part of the mean margin that is a response elsewhere
      (all of it where that is not known anywhere), shrunk towards everybody's return
      on spend as if that had been seen for minimum_response_periods. Such curves divide
      a budget much as in proportion to return on spend;
    - 'no_history': never any spend. The curve of a segment with the median spend and
      everybody's return on it, or a = 0 and no b where nobody has any;
    - 'negative_response': more spend went with less margin; a = 0.

    The order of the rows does not matter.

    Raises
    ------
    ValueError
        A setting is missing, unreadable or out of range; history lacks a value, holds
        one that is not finite, a period of a segment twice; a spend is negative; an
        increment is infinite or its standard error not positive.

    Notes
    -----
    Penalised weighted least squares. Given b, a (at least 0) and the baseline (at least
    0) have a closed form. ln(b / mean spend) is pooled over segments with standard
    deviation 0.5, and so is the baseline's share of the margin with 0.1: spend rarely
    varies enough to tell a high baseline from an early saturation. Errors of the
    history are taken to grow with the margin that a straight line expects.
    """
    return _fit(history, increments, settings, segment_keys)[0]


def draw_responses(
    history: pd.DataFrame,
    increments: pd.DataFrame,
    settings: Mapping[str, str | None],
    segment_keys: Iterable[str] = (),
) -> pd.DataFrame:
    """Draw curves that the data would allow as well, for ``bootstrap_allocations``.

    Parameters and errors are those of ``fit_responses``.

    Returns
    -------
    DataFrame with draw (from 1), segment_key, a and b, sorted by the former two.

    Notes
    -----
    Periods of the history are drawn with replacement, increments from a normal of their
    standard error; the centres of what is pooled are moved by a draw of its spread, so
    that a shape that the data hardly show is not taken for certain.
    """
    return _fit(history, increments, settings, segment_keys)[1]


def limit_changes(
    responses: pd.DataFrame,
    segments: pd.DataFrame,
    settings: Mapping[str, str | None],
) -> pd.DataFrame:
    """Bound what each segment may get: by contract, and near today where assumed.

    Parameters
    ----------
    responses : from ``fit_responses``; segment_key and evidence are read
    segments : DataFrame with segment_key and current_spend_amount, and, where there
        are any, floor_amount and cap_amount of the contract (NaN: none)
    settings : mapping of setting to text; unknown keys are ignored

    Returns
    -------
    DataFrame with segment_key, floor_amount and cap_amount (infinite: none), sorted by
    segment_key, a row per segment of ``segments``. A segment whose evidence is not
    'measured' may lose or gain at most the larger of budget_maximum_change times
    today's spend and minimum_test_amount. Where contract and caution contradict each
    other the contract holds.

    Raises
    ------
    ValueError
        A setting is missing, unreadable or out of range; today's spend is missing,
        infinite or negative; a floor of the contract is above its cap.
    """
    learning = ResponseSettings.from_text(settings)
    listed = segments.astype({"segment_key": "str"}).sort_values(
        "segment_key", ignore_index=True
    )
    today = listed["current_spend_amount"].to_numpy(dtype=float)
    if not (np.isfinite(today) & (today >= 0)).all():
        raise ValueError("current_spend_amount must be finite and not negative")
    contract_floor = _column(listed, "floor_amount", 0.0)
    contract_cap = _column(listed, "cap_amount", np.inf)
    for key, low, high in zip(
        listed["segment_key"], contract_floor, contract_cap, strict=True
    ):
        if low > high:
            raise ValueError(
                f"segment {key} has a floor of {low:,.2f} above its cap of {high:,.2f}"
            )
    evidence = responses.set_index(responses["segment_key"].astype("str"))["evidence"]
    is_measured = (listed["segment_key"].map(evidence) == MEASURED).to_numpy(dtype=bool)
    step = np.maximum(
        learning.budget_maximum_change * today, learning.minimum_test_amount
    )
    step = np.where(is_measured, np.inf, step)
    floor = np.maximum(today - step, 0.0)
    return pd.DataFrame(
        {
            "segment_key": listed["segment_key"],
            "floor_amount": np.clip(floor, contract_floor, contract_cap),
            "cap_amount": np.clip(today + step, contract_floor, contract_cap),
        }
    ).astype(_LIMIT_TYPES)


def bootstrap_allocations(
    responses: pd.DataFrame,
    draws: pd.DataFrame,
    limits: pd.DataFrame,
    total: float,
    *,
    may_leave_unspent: bool = False,
) -> pd.DataFrame:
    """Tell how certain an allocation is.

    Parameters
    ----------
    responses : from ``fit_responses``
    draws : from ``draw_responses``
    limits : from ``limit_changes``; its segments are those that share the total
    total, may_leave_unspent : as ``allocation.allocate`` takes them

    Returns
    -------
    DataFrame with segment_key, spend_p05_amount, spend_p50_amount and spend_p95_amount
    (of what each draw's curves would recommend) and
    probability_marginal_return_above_one (share of the draws in which one more unit of
    spend, on top of the recommendation, brings more than one unit of margin), sorted by
    segment_key. What is left where a draw's curves can take less than the total is not
    spent in that draw.

    Raises
    ------
    ValueError
        As ``allocation.allocate``.
    """
    curves = limits.merge(responses[["segment_key", "curve", "a", "b"]], "left")
    best = allocate(curves, total, may_leave_unspent=may_leave_unspent).segments
    keys = best["segment_key"]
    curves = curves.set_index("segment_key").loc[keys]
    wide = draws.pivot(index="draw", columns="segment_key")
    slopes = wide["a"].reindex(columns=keys).to_numpy()
    scales = wide["b"].reindex(columns=keys).to_numpy()
    low, high = curves["floor_amount"].to_numpy(), curves["cap_amount"].to_numpy()
    is_log = (curves["curve"] == "log").to_numpy(dtype=bool)
    amounts = np.empty(slopes.shape)
    for position, (a, b) in enumerate(zip(slopes, scales, strict=True)):
        most = np.where(a > 0, high, low)
        problem = Problem(is_log, a, np.where(a > 0, b, 1.0), low, most)
        budget = min(max(float(total), fsum(low)), fsum(most))
        amounts[position] = fill(problem, budget).amounts
    curve = curves["curve"].to_numpy()
    returns = marginal_return(curve, slopes, scales, best["spend_amount"].to_numpy())
    quantiles = np.quantile(amounts, list(_QUANTILES.values()), axis=0)
    return pd.DataFrame(
        {
            "segment_key": keys,
            **{
                f"spend_{part}_amount": rounded_array(values)
                for part, values in zip(_QUANTILES, quantiles, strict=True)
            },
            "probability_marginal_return_above_one": (returns > 1).mean(axis=0),
        }
    ).astype(_INTERVAL_TYPES)


def _fit(
    history: pd.DataFrame,
    increments: pd.DataFrame,
    settings: Mapping[str, str | None],
    segment_keys: Iterable[str],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Responses and draws."""
    learning = ResponseSettings.from_text(settings)
    past = _read_history(history)
    seen = {**past, **_read_increments(increments)}
    keys = sorted({*seen, *map(str, segment_keys)})
    # Sums in another order differ in the last bit, so threads must not share them.
    with threadpool_limits(limits=1):
        fits = _fit_all(keys, seen, past, learning)
    responses = [
        _response_row(key, seen.get(key), *fits[key], learning) for key in keys
    ]
    count = learning.response_draws
    drawn = {
        "draw": np.tile(np.arange(1, count + 1), len(keys)),
        "segment_key": np.repeat(np.array(keys, dtype=object), count),
        "a": _joined(fit.a[1:] for fit, _ in fits.values()),
        "b": _joined(fit.b[1:] for fit, _ in fits.values()),
    }
    draws = pd.DataFrame(drawn).astype(_DRAW_TYPES)
    return (
        pd.DataFrame(responses, columns=[*_RESPONSE_TYPES]).astype(_RESPONSE_TYPES),
        draws.sort_values(["draw", "segment_key"], ignore_index=True),
    )


def _joined(parts: Iterable[np.ndarray]) -> np.ndarray:
    return rounded_array(np.concatenate([np.empty(0), *parts]))


def _fit_all(
    keys: list[str],
    seen: dict[str, Observations],
    past: dict[str, Observations],
    learning: ResponseSettings,
) -> dict[str, tuple[Curve, str]]:
    """Curve and status of each segment, by key."""
    spent_on = [key for key in keys if key in seen and seen[key].spend.max() > 0]
    enough = [key for key in spent_on if _varies(seen[key], learning)]
    fits: dict[str, tuple[Curve, str]] = {}
    # What history suggests of shapes must not reach what was measured.
    for is_measured in (True, False):
        group = {k: seen[k] for k in enough if seen[k].is_measured == is_measured}
        for key, curve in _fit_pooled(group, learning).items():
            fits[key] = (curve, FITTED)
    for key in spent_on:
        if key not in fits and seen[key].is_measured:
            fits[key] = (_fit_fixed_shape(key, seen[key], learning), INSUFFICIENT)
    share = _response_share(fits, past, learning)
    guesses = {
        key: share * _mean_margins(key, seen[key], learning)
        for key in spent_on
        if key not in fits
    }
    returns = _pooled_returns(fits, guesses, seen, learning)
    for key, guess in guesses.items():
        curve = _through_the_mean(key, seen[key], guess, returns, learning)
        fits[key] = (curve, INSUFFICIENT)
    usual = np.median([seen[key].mean_spend for key in spent_on] or [np.nan])
    for key in keys:
        if key not in fits:
            fits[key] = (_borrowed(key, float(usual), returns, learning), NO_HISTORY)
    return {key: _without_negative(*fits[key]) for key in keys}


def _fit_pooled(
    group: dict[str, Observations], learning: ResponseSettings
) -> dict[str, Curve]:
    """Curves of segments whose shapes, and baselines, are learned from each other."""
    if not group:
        return {}
    count = learning.response_draws + 1
    profiles = {key: _profile(key, group[key], learning) for key in group}
    # The centres of what is pooled, moved by a draw of its spread.
    moved = {
        key: _spread(learning, key, "shape", _SHAPE_SPREAD)[:, None, None]
        for key in group
    }
    common_moved = _spread(learning, "", "common shape", _COMMON_SHAPE_SPREAD)
    lowest = np.full(count, np.inf)
    common, share = np.zeros(count), np.zeros(count, dtype=int)
    for centre in _COMMON_SHAPES:
        losses = ((centre - common_moved) / _COMMON_SHAPE_SPREAD)[:, None] ** 2
        for key, profile in profiles.items():
            steps = (_SHAPES - centre - moved[key]) / _SHAPE_SPREAD
            losses = losses + (profile.loss + steps**2).min(axis=2)
        best = losses.argmin(axis=1)
        reached = losses[np.arange(count), best]
        is_lower = reached < lowest
        lowest[is_lower] = reached[is_lower]
        common[is_lower], share[is_lower] = centre, best[is_lower]
    draws = np.arange(count)
    curves = {}
    for key, profile in profiles.items():
        steps = (_SHAPES - common[:, None] - moved[key][:, 0]) / _SHAPE_SPREAD
        shape, weights = _lowest(profile.loss[draws, share] + steps**2)
        curves[key] = Curve(
            slope=(weights * profile.slope[draws, share]).sum(axis=1),
            b=group[key].mean_spend * np.exp(shape),
            baseline=(weights * profile.baseline[draws, share]).sum(axis=1),
        )
    return curves


def _lowest(losses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shape of the lowest loss (draws,) between the grid's, and how to get there.

    The second array (draws x shapes) has the weights by which a parabola through the
    lowest point and its neighbours gives any other quantity at that shape.
    """
    draws = np.arange(len(losses))
    middle = np.clip(losses.argmin(axis=1), 1, losses.shape[1] - 2)
    left, centre, right = (losses[draws, middle + step] for step in (-1, 0, 1))
    bend = left - 2 * centre + right
    offset = np.divide(left - right, 2 * bend, np.zeros(len(losses)), where=bend > 0)
    offset = np.clip(offset, -1, 1)
    weights = np.zeros(losses.shape)
    weights[draws, middle - 1] = offset * (offset - 1) / 2
    weights[draws, middle] = 1 - offset**2
    weights[draws, middle + 1] = offset * (offset + 1) / 2
    return _SHAPES[middle] + offset * (_SHAPES[1] - _SHAPES[0]), weights


def _profile(key: str, seen: Observations, learning: ResponseSettings) -> Profile:
    scales = seen.mean_spend * np.exp(_SHAPES)
    forms = expected_margin(learning.response_curve, 1.0, scales[:, None], seen.spend)
    weights, margins = _resampled(key, seen, learning)
    if seen.is_measured:
        nothing = np.empty((len(seen.spend), 0))
        return _least_squares(forms, weights, margins, nothing)
    error = _relative_error(seen)
    weights = weights / error**2
    columns = np.column_stack([np.ones(len(error)), seen.features])
    # Of noise alone: less margin for more spend is not an error of measurement.
    free = _least_squares(forms, weights[:1], margins[:1], columns, least=-np.inf)
    degrees = max(len(error) - columns.shape[1] - 2, 1)
    variance = max(free.loss.min() / degrees, _SMALLEST_VARIANCE)
    usual = seen.margin.mean()
    shares = _spread(learning, key, "baseline", _BASELINE_SPREAD)[:, None]
    targets = usual * (_BASELINE_SHARES + shares)
    # A mean margin of nothing has no shares.
    penalty = variance / (_BASELINE_SPREAD * usual) ** 2 if usual > 0 else 0.0
    found = _least_squares(forms, weights, margins, columns, penalty, targets)
    return found._replace(loss=found.loss / variance)


def _least_squares(
    forms: np.ndarray,
    weights: np.ndarray,
    margins: np.ndarray,
    columns: np.ndarray,
    penalty: float = 0.0,
    targets: np.ndarray | None = None,
    least: float = 0.0,
) -> Profile:
    """Fit ``margin = a * form + columns @ coefficients``, the baseline at least 0.

    Parameters
    ----------
    forms : array (shapes x periods)
    weights, margins : arrays (draws x periods)
    columns : array (periods x coefficients), ones first; none where there is no
        baseline
    penalty, targets : weight of the squared distance of the first coefficient from each
        target, array (draws x shares)
    least : smallest a

    Notes
    -----
    The columns are projected out (Frisch, Waugh 1933), which leaves one coefficient.
    """
    if targets is None:
        targets = np.zeros((len(weights), 1))
    count = columns.shape[1]
    weighted = weights[:, None, :] * columns.T
    moments = weighted @ columns
    sizes = np.trace(moments, axis1=1, axis2=2)[:, None, None]
    moments = moments + _COLLINEAR * sizes * np.diag(np.arange(count) > 0)
    moments[:, :1, :1] += penalty
    inverse = np.linalg.inv(moments)
    of_forms = weighted @ forms.T
    projected = inverse @ of_forms
    of_margins = np.repeat(
        (weighted @ margins[:, :, None])[:, None, :, 0], targets.shape[1], axis=1
    )
    of_margins[:, :, :1] += penalty * targets[:, :, None]
    coefficients = of_margins @ inverse
    missed = penalty * targets**2
    squares = (weights * margins**2).sum(axis=1)[:, None] + missed
    squares = squares - (of_margins * coefficients).sum(axis=2)
    products = ((weights * margins) @ forms.T)[:, None, :] - of_margins @ projected
    raw = weights @ (forms**2).T
    own = raw - (of_forms * projected).sum(axis=1)
    is_own = (own > _COLLINEAR * raw)[:, None, :]
    own = own[:, None, :]
    slope = np.divide(products, own, np.zeros(products.shape), where=is_own)
    a = np.maximum(slope, least)
    loss = np.maximum(squares[:, :, None] - a * (2 * products - a * own), 0.0)
    if not count:
        return Profile(loss, slope, np.zeros(loss.shape))
    baseline = coefficients[:, :, :1] - projected[:, None, 0] * a
    without = _least_squares(forms, weights, margins, columns[:, 1:], least=least)
    is_below = baseline < 0
    return Profile(
        np.where(is_below, without.loss + missed[:, :, None], loss),
        np.where(is_below, without.slope, slope),
        np.where(is_below, 0.0, baseline),
    )


def _relative_error(seen: Observations) -> np.ndarray:
    """Size of the error of each period of the history, up to a factor."""
    spend = seen.spend - seen.spend.mean()
    slope = (spend @ seen.margin) / max(spend @ spend, np.finfo(float).tiny)
    size = np.abs(seen.margin).mean()
    if size == 0:
        return np.ones(len(spend))
    return np.maximum(seen.margin.mean() + slope * spend, _LOWEST_SCALE * size)


def _resampled(
    key: str, seen: Observations, learning: ResponseSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and margins (1 + draws, periods); the first are as seen."""
    generator = _generator(learning, key, "periods")
    count, periods = learning.response_draws, len(seen.spend)
    weights = np.ones((count + 1, periods))
    margins = np.repeat(seen.margin[None, :], count + 1, axis=0)
    if seen.is_measured:
        margins[1:] += seen.error * generator.normal(size=(count, periods))
        return weights / seen.error**2, margins
    shares = np.full(periods, 1 / periods)
    weights[1:] = generator.multinomial(periods, shares, size=count)
    return weights, margins


def _fit_fixed_shape(key: str, seen: Observations, learning: ResponseSettings) -> Curve:
    """Curve of too few increments: only its height is learned."""
    b = _usual_shape(key, seen.mean_spend, learning)
    weights, margins = _resampled(key, seen, learning)
    forms = expected_margin(learning.response_curve, 1.0, b[:, None], seen.spend)
    products = (weights * forms * margins).sum(axis=1)
    slope = products / (weights * forms**2).sum(axis=1)
    return Curve(slope, b, np.full(len(b), np.nan))


def _response_share(
    fits: dict[str, tuple[Curve, str]],
    past: dict[str, Observations],
    learning: ResponseSettings,
) -> np.ndarray:
    """Part of the mean margin (1 + draws,) that is a response, where that is known."""
    known = [key for key, (fit, _) in fits.items() if key in past and fit.slope[0] > 0]
    margin = fsum(past[key].margin.mean() for key in known)
    if margin <= 0:
        return np.ones(learning.response_draws + 1)
    brought = np.zeros(learning.response_draws + 1)
    for key in known:
        fit, _ = fits[key]
        spend = past[key].mean_spend
        brought += expected_margin(learning.response_curve, fit.a, fit.b, spend)
    return np.clip(brought / margin, 0.0, 1.0)


def _mean_margins(
    key: str, seen: Observations, learning: ResponseSettings
) -> np.ndarray:
    weights, margins = _resampled(key, seen, learning)
    return (weights * margins).sum(axis=1) / weights.sum(axis=1)


def _pooled_returns(
    fits: dict[str, tuple[Curve, str]],
    guesses: dict[str, np.ndarray],
    seen: dict[str, Observations],
    learning: ResponseSettings,
) -> np.ndarray:
    """Margin per unit of spend (1 + draws,) over all segments; NaN without any."""
    spend = fsum(seen[key].mean_spend for key in [*fits, *guesses])
    margin = np.zeros(learning.response_draws + 1)
    for key, (fit, _) in fits.items():
        at_mean = seen[key].mean_spend
        margin += expected_margin(learning.response_curve, fit.a, fit.b, at_mean)
    for guess in guesses.values():
        margin += guess
    return margin / spend if spend > 0 else np.full(len(margin), np.nan)


def _through_the_mean(
    key: str,
    seen: Observations,
    guess: np.ndarray,
    returns: np.ndarray,
    learning: ResponseSettings,
) -> Curve:
    """Curve through the mean spend and a shrunk response to it."""
    own = guess / seen.mean_spend
    periods = len(seen.spend)
    trust = periods / (periods + learning.minimum_response_periods)
    shrunk = np.where(own > 0, trust * own + (1 - trust) * returns, own)
    b = _usual_shape(key, seen.mean_spend, learning)
    return _with_return(shrunk, seen.mean_spend, b, learning)


def _borrowed(
    key: str, spend: float, returns: np.ndarray, learning: ResponseSettings
) -> Curve:
    """Curve of a segment that nothing was spent on: everybody's return."""
    if not np.isfinite(spend):
        nothing = np.full(len(returns), np.nan)
        return Curve(np.zeros(len(returns)), nothing, nothing)
    return _with_return(returns, spend, _usual_shape(key, spend, learning), learning)


def _with_return(
    returns: np.ndarray, spend: float, b: np.ndarray, learning: ResponseSettings
) -> Curve:
    form = expected_margin(learning.response_curve, 1.0, b, spend)
    return Curve(returns * spend / form, b, np.full(len(b), np.nan))


def _usual_shape(key: str, spend: float, learning: ResponseSettings) -> np.ndarray:
    """b (1 + draws,): the mean spend, as far off in the draws as shapes differ."""
    return spend * np.exp(_spread(learning, key, "shape", _SHAPE_SPREAD))


def _without_negative(curve: Curve, status: str) -> tuple[Curve, str]:
    if curve.slope[0] > 0:
        return curve, status
    b = curve.b.copy()
    b[0] = np.nan
    return curve._replace(b=b), status if status == NO_HISTORY else NEGATIVE


def _spread(
    learning: ResponseSettings, key: str, purpose: str, deviation: float
) -> np.ndarray:
    """Normal numbers (1 + draws,), of which the first, the estimate's, is 0."""
    generator = _generator(learning, key, purpose)
    numbers = deviation * generator.normal(size=learning.response_draws)
    return np.concatenate([[0.0], numbers])


def _generator(
    learning: ResponseSettings, key: str, purpose: str
) -> np.random.Generator:
    """Draws of a segment that depend on no other segment."""
    digest = hashlib.md5(f"{purpose}|{key}".encode(), usedforsecurity=False)
    return np.random.default_rng(
        [learning.random_seed, int.from_bytes(digest.digest()[:8], "big")]
    )


def _varies(seen: Observations, learning: ResponseSettings) -> bool:
    lowest, highest = seen.spend.min(), seen.spend.max()
    periods = len(seen.spend) - seen.features.shape[1]
    is_long = periods >= learning.minimum_response_periods
    return bool(is_long and highest >= learning.minimum_spend_range * lowest)


def _response_row(
    key: str,
    seen: Observations | None,
    curve: Curve,
    status: str,
    learning: ResponseSettings,
) -> dict[str, object]:
    is_seen = seen is not None and len(seen.spend) > 0
    spend = seen.spend if is_seen else np.array([np.nan])
    is_measured = seen is not None and seen.is_measured
    numbers = {
        "lowest_spend_amount": spend.min(),
        "highest_spend_amount": spend.max(),
        "mean_spend_amount": spend.mean(),
        "baseline_margin_amount": np.nan if is_measured else curve.baseline[0],
    }
    for name, values in (("a", curve.a), ("b", curve.b)):
        numbers[name] = values[0]
        numbers[f"{name}_standard_error"] = values[1:].std(ddof=1)
        for part, share in _QUANTILES.items():
            numbers[f"{name}_{part}"] = np.quantile(values[1:], share)
    return {
        "segment_key": key,
        "curve": learning.response_curve,
        "evidence": MEASURED if is_measured else ASSUMED,
        "status": status,
        "reason": _reason(seen, curve, status, learning),
        "periods": len(seen.spend) if is_seen else 0,
        **dict(zip(numbers, rounded_array(np.array([*numbers.values()])), strict=True)),
    }


def _reason(
    seen: Observations | None, curve: Curve, status: str, learning: ResponseSettings
) -> str:
    if status == NO_HISTORY:
        if curve.slope[0] > 0:
            return (
                "Nothing was spent on this segment; the curve has the median spend of "
                "the others and their return on it."
            )
        return "Nothing was spent on this segment, and no other shows a return."
    source = "measured increments" if seen.is_measured else "periods of history"
    what = (
        f"{len(seen.spend):,} {source} with a spend of {seen.spend.min():,.2f} to "
        f"{seen.spend.max():,.2f}"
    )
    if status == NEGATIVE:
        return f"{what}: more spend brought no more margin, so none is expected."
    if status == INSUFFICIENT:
        return (
            f"{what}; a shape needs {learning.minimum_response_periods:,} of them and "
            f"a range of {learning.minimum_spend_range:g} times, so that of the mean "
            "spend is assumed."
        )
    why = "" if seen.is_measured else "; who was reached was not drawn at random"
    return f"Fitted to {what}{why}."


def _read_history(history: pd.DataFrame) -> dict[str, Observations]:
    features = sorted({*history.columns} - {*_HISTORY})
    numbers = ["spend_amount", "margin_amount", *features]
    known = history[[*_HISTORY, *features]]
    if known.isna().any(axis=None):
        raise ValueError(f"history needs a value for each of {[*known.columns]}")
    known = known.astype({**dict.fromkeys(numbers, "float64"), "segment_key": "str"})
    if not np.isfinite(known[numbers].to_numpy()).all():
        raise ValueError(f"{numbers} in history must be finite")
    if (known["spend_amount"] < 0).any():
        raise ValueError("spend_amount in history must not be negative")
    known["period_on"] = pd.to_datetime(known["period_on"])
    if known.duplicated(["segment_key", "period_on"]).any():
        raise ValueError("history lists a period of a segment twice")
    known = known.sort_values(["segment_key", "period_on"])
    return {
        str(key): Observations(
            False,
            group["spend_amount"].to_numpy(),
            group["margin_amount"].to_numpy(),
            np.full(len(group), np.nan),
            _standardised(group[features].to_numpy()),
        )
        for key, group in known.groupby("segment_key")
    }


def _read_increments(increments: pd.DataFrame) -> dict[str, Observations]:
    known = increments[_INCREMENTS].dropna()
    known = known.astype(
        {**dict.fromkeys(_INCREMENTS[1:], "float64"), "segment_key": "str"}
    )
    if not np.isfinite(known[_INCREMENTS[1:]].to_numpy()).all():
        raise ValueError(f"{_INCREMENTS[1:]} in increments must be finite or missing")
    if (known["spend_amount"] < 0).any():
        raise ValueError("spend_amount in increments must not be negative")
    if not (known["standard_error"] > 0).all():
        raise ValueError("standard_error in increments must be positive")
    # Without spend there is nothing to respond to.
    known = known[known["spend_amount"] > 0].sort_values(_INCREMENTS)
    return {
        str(key): Observations(
            True,
            *(group[name].to_numpy() for name in _INCREMENTS[1:]),
            np.empty((len(group), 0)),
        )
        for key, group in known.groupby("segment_key")
    }


def _standardised(features: np.ndarray) -> np.ndarray:
    """Columns of mean 0 and deviation 1; constant ones say nothing and are left out."""
    centred = features - features.mean(axis=0)
    deviation = centred.std(axis=0)
    is_used = deviation > _COLLINEAR * np.abs(features).max(axis=0, initial=0)
    return centred[:, is_used] / deviation[is_used]


def _column(frame: pd.DataFrame, name: str, default: float) -> np.ndarray:
    if name not in frame:
        return np.full(len(frame), default)
    return frame[name].astype("float64").fillna(default).to_numpy()
