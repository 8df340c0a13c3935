"""What more or less spend would bring in: a concave response curve per segment."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import ClassVar, NamedTuple, Self

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
from segmentation.scorecard import _number
from segmentation.settings import _text

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
_SHAPES = np.arange(-40, 41) / 10
_COMMON_SHAPES = np.arange(-15, 16) / 5
_BASELINE_SHARES = np.arange(20) / 20
# Of the mean margin; periods below it are not trusted more than those at it.
_LOWEST_SCALE = 0.2
# Of the variance of a regressor; less than it is left by the others is nothing.
_COLLINEAR = 1e-9
_SMALLEST_VARIANCE = 1e-18
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
class ResponseSettings:
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

    numbers: ClassVar[dict[str, tuple[type[int] | type[float], float, float]]] = {
        "minimum_response_periods": (int, 4, 10**6),
        "minimum_spend_range": (float, 1, 10**6),
        "response_draws": (int, 1, 10**5),
        "budget_maximum_change": (float, 0, 10**6),
        "minimum_test_amount": (float, 0, 10**12),
        "random_seed": (int, 0, 2**32 - 1),
    }

    @classmethod
    def from_text(cls, texts: Mapping[str, str | None]) -> Self:
        """Read the settings from text; keys that are not settings are ignored.

        Parameters
        ----------
        texts : mapping of setting to text, as dbt hands them over

        Raises
        ------
        ValueError
            A setting is missing, unreadable or out of range; the message names it.
        """
        curve = _text(texts, "response_curve")
        if curve not in CURVES:
            raise ValueError(
                f"setting 'response_curve' must be one of {CURVES}, got '{curve}'"
            )
        numbers = {
            name: _number(texts, name, *limits) for name, limits in cls.numbers.items()
        }
        return cls(response_curve=curve, **numbers)


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

    Arrays (draws x shares x shapes): ``loss`` is minus twice the log-likelihood,
    ``slope`` the a of least squares, ``baseline`` the margin without spend.
    """

    loss: np.ndarray
    slope: np.ndarray
    baseline: np.ndarray


class Curve(NamedTuple):
    """Curves of a segment: arrays (1 + draws,), of which the first is the estimate.

    ``slope`` is a before what is negative counts as 0.
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
    segment_key, a row per segment of ``segments``. Where the evidence is assumed, or a
    segment has no response, it may lose or gain at most the larger of
    budget_maximum_change times today's spend and minimum_test_amount. Where contract
    and caution contradict each other the contract holds.

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
    draws = [
        pd.DataFrame(
            {
                "draw": np.arange(1, learning.response_draws + 1),
                "segment_key": key,
                "a": rounded_array(curve.a[1:]),
                "b": rounded_array(curve.b[1:]),
            }
        )
        for key, (curve, _) in fits.items()
    ]
    drawn = pd.concat(draws) if draws else pd.DataFrame(columns=[*_DRAW_TYPES])
    return (
        pd.DataFrame(responses, columns=[*_RESPONSE_TYPES]).astype(_RESPONSE_TYPES),
        drawn.astype(_DRAW_TYPES).sort_values(
            ["draw", "segment_key"], ignore_index=True
        ),
    )


def _fit_all(
    keys: list[str],
    seen: dict[str, Observations],
    past: dict[str, Observations],
    learning: ResponseSettings,
) -> dict[str, tuple[Curve, str]]:
    """Curve and status of each segment, by key."""
    enough = [key for key in keys if key in seen and _varies(seen[key], learning)]
    fits = {
        key: (curve, FITTED)
        for key, curve in zip(
            enough, _fit_pooled([(k, seen[k]) for k in enough], learning), strict=True
        )
    }
    short = [key for key in keys if key in seen and key not in fits]
    short = [key for key in short if seen[key].spend.max() > 0]
    for key in short:
        if seen[key].is_measured:
            curve = _fit_fixed_shape(key, seen[key], learning)
            fits[key] = (curve, INSUFFICIENT)
    # What is known of the response elsewhere, before anything is assumed from it.
    share = _response_share(fits, past, learning)
    guesses = {
        key: _mean_responses(key, seen[key], share, learning)
        for key in short
        if key not in fits
    }
    returns = _pooled_return(fits, guesses, seen, learning)
    for key, guess in guesses.items():
        fits[key] = (_through_the_mean(key, seen[key], guess, returns, learning), INSUFFICIENT)
    known = [seen[key].mean_spend for key in fits]
    for key in keys:
        if key not in fits:
            fits[key] = (_borrowed(key, known, returns, learning), NO_HISTORY)
    return {
        key: (fits[key][0], NEGATIVE if _is_negative(*fits[key]) else fits[key][1])
        for key in keys
    }
