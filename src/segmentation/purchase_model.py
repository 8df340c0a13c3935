"""How customers come back and leave: BG/NBD and MBG/NBD, one fit per date."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, gammaln, psi
from threadpoolctl import threadpool_limits

from segmentation.fitting import _hash
from segmentation.order_value import (
    DEGENERATE,
    FITTED,
    INSUFFICIENT,
    NOT_CONVERGED,
    OrderValueFit,
    edge_sentence,
    fit_order_values,
    maximise,
)
from segmentation.rounding import rounded, rounded_array
from segmentation.settings import Limits, TextSettings

BG_NBD = "bg_nbd"
MBG_NBD = "mbg_nbd"
MODELS = (BG_NBD, MBG_NBD)
DAYS_PER_WEEK = 7

# Raised when the same histories and settings would be learned differently.
_METHOD_VERSION = "1"
# Ages are scaled to at most this before a fit, so that every start is near enough.
_LONGEST_AGE = 10
# Logarithms of r, alpha, a and b; few customers may have more than one maximum.
_STARTS = np.array([[0, 0, 0, 0], [0, 0, -2, 0], [0, -1, 0, 2]], dtype=float)
# A likelihood that gains no more by letting customers leave does not show that they do.
_LEAVING_GAIN = 1e-3

# What decides over a fit, and so over its version.
_LEARNING_NAMES = ("minimum_repeat_customers",)

_HISTORY_TYPES = {
    "customer_id": "str",
    "repeat_count": "float64",
    "last_repeat_days": "float64",
    "age_days": "float64",
    "mean_repeat_amount": "float64",
}
_COLUMN_TYPES = {
    "connector": "str",
    "as_of_date": "str",
    "scored_on": "str",
    "model": "str",
    "model_version": "str",
    "status": "str",
    "reason": "str",
    "r": "float64",
    "alpha": "float64",
    "a": "float64",
    "b": "float64",
    "log_likelihood": "float64",
    "customers": "int64",
    "repeat_customers": "int64",
    "order_value_status": "str",
    "order_value_reason": "str",
    "p": "float64",
    "q": "float64",
    "gamma": "float64",
    "correlation": "float64",
    "population_mean_amount": "float64",
    "is_used": "bool",
    "is_independent": "bool",
}


@dataclass(frozen=True, kw_only=True)
class PurchaseSettings(TextSettings):
    """What steers the purchase models; every field is a setting of the same name."""

    connector: str
    as_of_date: date
    purchase_model: str
    minimum_repeat_customers: int
    value_horizon_days: int
    yearly_discount_rate: float
    risk_horizon_days: int

    choices: ClassVar[dict[str, tuple[str, ...]]] = {"purchase_model": MODELS}
    numbers: ClassVar[dict[str, Limits]] = {
        "minimum_repeat_customers": (int, 1, 10**9),
        "value_horizon_days": (int, 1, 36500),
        "yearly_discount_rate": (float, 0, 10),
        "risk_horizon_days": (int, 1, 36500),
    }

    def learning_items(self) -> list[tuple[str, object]]:
        """Name and value, by name, of the settings that change what is learned."""
        return [(name, getattr(self, name)) for name in sorted(_LEARNING_NAMES)]


class PurchaseParameters(NamedTuple):
    """Parameters of either model; ``alpha`` in the unit of time, usually weeks.

    Purchase rates are Gamma(r, alpha) among customers, chances to leave Beta(a, b).
    With a = 0 nobody ever leaves, whatever b.
    """

    r: float
    alpha: float
    a: float
    b: float


class PurchaseFit(NamedTuple):
    """What was learned of purchases; parameters are NaN where nothing could be."""

    status: str
    reason: str
    parameters: PurchaseParameters
    log_likelihood: float


class _Histories(NamedTuple):
    """Distinct histories in one unit of time and how many customers share each."""

    x: np.ndarray
    t_x: np.ndarray
    age: np.ndarray
    customers: np.ndarray


_NOTHING = PurchaseParameters(np.nan, np.nan, np.nan, np.nan)


def fit_purchase_models(
    histories: pd.DataFrame, settings: Mapping[str, str | None]
) -> pd.DataFrame:
    """Fit both purchase models and the order values as of each date.

    Parameters
    ----------
    histories : DataFrame with scored_on (date), customer_id, repeat_count (shopping
        days after the first), last_repeat_days (from the first to the last of them,
        0 without repeat), age_days (from the first to scored_on) and
        mean_repeat_amount (net, NaN where none or not positive)
    settings : mapping of setting to text; unknown keys are ignored

    Returns
    -------
    DataFrame with a row per scored_on and model ('bg_nbd', 'mbg_nbd'), sorted by them:
    connector, as_of_date and scored_on (ISO text), model, model_version, status,
    reason, r, alpha (weeks), a, b, log_likelihood (of times in weeks), customers,
    repeat_customers, then of the order values, the same in both rows,
    order_value_status, order_value_reason, p, q, gamma, correlation,
    population_mean_amount and is_independent; is_used is true in the row of the setting
    ``purchase_model``. Numbers are rounded to 9 decimals; what could not be learned is
    NaN. Status is

    - 'fitted';
    - 'degenerate': usable, but the reason says what the data do not show. Where nobody
      is seen to leave, a = 0 and b = 1, and everybody counts as alive for ever;
    - 'insufficient_repeat': fewer than ``minimum_repeat_customers`` bought again;
    - 'not_converged'.

    Histories that contradict themselves take no part, and the reason counts them.
    Neither the order of the rows nor their dtype matters.

    Raises
    ------
    ValueError
        A setting is missing, unreadable or out of range, or a customer is listed twice
        for a date. Never because of what customers did.
    """
    if histories.empty:
        return _tidy([])
    read = PurchaseSettings.from_text(settings)
    typed = histories.astype(_HISTORY_TYPES)
    typed["scored_on"] = pd.to_datetime(histories["scored_on"]).dt.strftime("%Y-%m-%d")
    if typed.duplicated(["scored_on", "customer_id"]).any():
        raise ValueError("histories lists a customer twice for one scored_on")
    identity = {
        "connector": read.connector,
        "as_of_date": read.as_of_date.isoformat(),
    }
    rows = []
    # Sums in another order differ in the last bit, so threads must not share them.
    with threadpool_limits(limits=1):
        for scored_on, group in typed.groupby("scored_on"):
            for row in _fit_date(group, read):
                rows.append({**identity, "scored_on": scored_on, **row})
    return _tidy(rows)


def fit_purchase_model(
    x: np.ndarray, t_x: np.ndarray, T: np.ndarray, model: str
) -> PurchaseFit:
    """Fit one purchase model by maximum likelihood.

    Parameters
    ----------
    x : array (customers,), repeat purchases
    t_x : array (customers,), time from the first to the last purchase
    T : array (customers,), time from the first purchase to now, above 0 for somebody
    model : 'bg_nbd' or 'mbg_nbd'

    Returns
    -------
    Status, reason, parameters (``alpha`` in the unit of the times) and log-likelihood.

    Notes
    -----
    BG/NBD after Fader, Hardie, Lee, 'Counting Your Customers the Easy Way' (2005), in
    the form that does not overflow; MBG/NBD after Batislam, Denizel, Filiztekin,
    'Empirical validation and comparison of models for customer base analysis' (2007),
    which lets customers leave after their first purchase, too.
    """
    return _fit(_group(x, t_x, T), model)


def log_likelihood(
    x: np.ndarray,
    t_x: np.ndarray,
    T: np.ndarray,
    parameters: PurchaseParameters,
    model: str,
) -> float:
    """Log-likelihood of histories, times in the unit of ``alpha``."""
    return _log_likelihood(_group(x, t_x, T), parameters, model)


def probability_alive(
    x: np.ndarray,
    t_x: np.ndarray,
    T: np.ndarray,
    parameters: PurchaseParameters,
    model: str,
) -> np.ndarray:
    """Probability that a customer has not left for ever.

    Parameters
    ----------
    x, t_x, T : repeat purchases, time of the last and age, in the unit of ``alpha``
    parameters, model : as learned

    Returns
    -------
    Array of ``1 / (1 + q ((alpha + T) / (alpha + t_x))^(r + x))`` with q = a / (b + x -
    1), 0 for x = 0 (BG/NBD), or a / (b + x) (MBG/NBD). Computed in logarithms, because
    the power alone overflows for some hundred purchases.
    """
    x, t_x, T = (np.asarray(array, dtype=float) for array in (x, t_x, T))
    return expit(-_leaving_logit(x, t_x, T, parameters, model))


def probability_no_purchase(
    horizon: np.ndarray,
    x: np.ndarray,
    t_x: np.ndarray,
    T: np.ndarray,
    parameters: PurchaseParameters,
    model: str,
) -> np.ndarray:
    """Probability of no purchase within the horizon.

    Parameters
    ----------
    horizon : time ahead, in the unit of ``alpha``
    x, t_x, T, parameters, model : as in ``probability_alive``

    Returns
    -------
    Array of ``1 - p_alive (1 - ((alpha + T) / (alpha + T + horizon))^(r + x))``.
    """
    alive = probability_alive(x, t_x, T, parameters, model)
    x, T = np.asarray(x, dtype=float), np.asarray(T, dtype=float)
    ratio = np.log1p(np.asarray(horizon, dtype=float) / (parameters.alpha + T))
    return 1 + alive * np.expm1(-(parameters.r + x) * ratio)


def first_flips(model: str) -> int:
    """Chances to leave that a customer without repeat purchase has had."""
    return 1 if model == MBG_NBD else 0


def _fit_date(
    histories: pd.DataFrame, settings: PurchaseSettings
) -> Iterator[dict[str, object]]:
    known = histories[_is_consistent(histories)]
    left_out = len(histories) - len(known)
    x = known["repeat_count"].to_numpy()
    times = known[["last_repeat_days", "age_days"]].to_numpy() / DAYS_PER_WEEK
    repeaters = int(np.sum(x > 0))
    order_values = fit_order_values(
        x, known["mean_repeat_amount"].to_numpy(), settings.minimum_repeat_customers
    )
    fingerprint = _fingerprint(known)
    grouped = _group(x, times[:, 0], times[:, 1])
    for model in MODELS:
        if repeaters < settings.minimum_repeat_customers:
            reason = (
                f"{repeaters} of {len(known)} customers bought again, at least "
                f"{settings.minimum_repeat_customers} are required."
            )
            fit = PurchaseFit(INSUFFICIENT, reason, _NOTHING, np.nan)
        else:
            fit = _fit(grouped, model)
        contradiction = (
            f" Left out are {left_out} histories that contradict themselves."
            if left_out
            else ""
        )
        yield {
            "model": model,
            "model_version": _hash(
                _METHOD_VERSION, model, repr(settings.learning_items()), fingerprint
            ),
            "status": fit.status,
            "reason": fit.reason + contradiction,
            **fit.parameters._asdict(),
            "log_likelihood": fit.log_likelihood,
            "customers": len(known),
            "repeat_customers": repeaters,
            "is_used": model == settings.purchase_model,
            **_order_value_columns(order_values),
        }


def _order_value_columns(fit: OrderValueFit) -> dict[str, object]:
    columns = fit._asdict()
    named = {f"order_value_{name}": columns.pop(name) for name in ("status", "reason")}
    return named | columns


def _is_consistent(histories: pd.DataFrame) -> pd.Series:
    x, t_x = histories["repeat_count"], histories["last_repeat_days"]
    return (
        histories["age_days"].between(0, np.inf, inclusive="left")
        & t_x.between(0, histories["age_days"])
        & (x >= 0)
        & (x % 1 == 0)
        & ((x > 0) == (t_x > 0))
    )


def _fingerprint(histories: pd.DataFrame) -> str:
    numbers = histories[list(_HISTORY_TYPES)[1:]].to_numpy()
    numbers = rounded_array(numbers[np.lexsort(numbers.T)])
    return numbers.tobytes().hex()


def _group(x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> _Histories:
    frame = pd.DataFrame({"x": x, "t_x": t_x, "age": T}, dtype=float)
    counts = frame.groupby(["x", "t_x", "age"], sort=True).size()
    columns = [
        counts.index.get_level_values(name).to_numpy(dtype=float)
        for name in counts.index.names
    ]
    return _Histories(*columns, counts.to_numpy(dtype=float))


def _fit(histories: _Histories, model: str) -> PurchaseFit:
    scale = histories.age.max() / _LONGEST_AGE
    scaled = histories._replace(t_x=histories.t_x / scale, age=histories.age / scale)
    customers = int(histories.customers.sum())
    found = maximise(_loss(scaled, model), _STARTS)
    staying = maximise(_loss(scaled, None), _STARTS[:1, :2])
    stayed = PurchaseParameters(*_unscaled(staying.logs, scale), 0.0, 1.0)
    stayed_likelihood = _log_likelihood(histories, stayed, model)
    parameters = PurchaseParameters(*_unscaled(found.logs, scale))
    likelihood = _log_likelihood(histories, parameters, model)
    if likelihood - stayed_likelihood < _LEAVING_GAIN:
        reason = (
            f"None of {customers} customers is seen to leave: everybody counts as "
            "alive for ever."
        )
        if staying.is_at_edge.any():
            names = PurchaseParameters._fields[:2]
            reason += f" {edge_sentence(names, staying.is_at_edge, customers)}"
        return PurchaseFit(DEGENERATE, reason, stayed, stayed_likelihood)
    if found.is_at_edge.any():
        names = PurchaseParameters._fields
        reason = edge_sentence(names, found.is_at_edge, customers)
        return PurchaseFit(DEGENERATE, reason, parameters, likelihood)
    if not found.is_converged:
        reason = f"The search among {customers} customers did not end."
        return PurchaseFit(NOT_CONVERGED, reason, _NOTHING, np.nan)
    repeaters = int(histories.customers[histories.x > 0].sum())
    reason = f"Fitted to {customers} customers, {repeaters} of whom bought again."
    return PurchaseFit(FITTED, reason, parameters, likelihood)


def _unscaled(logs: np.ndarray, scale: float) -> list[float]:
    r, alpha, *rest = np.exp(logs)
    return [rounded(value) for value in (r, alpha * scale, *rest)]


def _leaving_logit(
    x: np.ndarray,
    t_x: np.ndarray,
    T: np.ndarray,
    parameters: PurchaseParameters,
    model: str,
) -> np.ndarray:
    """Log odds of having left, minus infinity where nobody could have."""
    r, alpha, a, b = parameters
    flips = x + first_flips(model)
    could_leave = (flips > 0) & (a > 0)
    odds = np.where(could_leave, a / np.where(could_leave, b + flips - 1, 1.0), 0.0)
    with np.errstate(divide="ignore"):
        return np.log(odds) + (r + x) * np.log((alpha + T) / (alpha + t_x))


def _log_likelihood(
    histories: _Histories, parameters: PurchaseParameters, model: str
) -> float:
    x, t_x, age, customers = histories
    r, alpha, a, b = parameters
    flips = x + first_flips(model)
    staying = (
        gammaln(b + flips) - gammaln(b) + gammaln(a + b) - gammaln(a + b + flips)
        if a > 0
        else 0.0
    )
    values = (
        gammaln(r + x)
        - gammaln(r)
        + r * np.log(alpha / (alpha + age))
        - x * np.log(alpha + age)
        + staying
        + np.logaddexp(0, _leaving_logit(x, t_x, age, parameters, model))
    )
    return rounded((customers * values).sum())


def _loss(
    histories: _Histories, model: str | None
) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Mean negative log-likelihood and its gradient, in logarithms of the parameters.

    Without a model nobody leaves, and r and alpha are all the parameters.
    """
    x, t_x, age, customers = histories
    shares = customers / customers.sum()
    # Most terms depend on x alone, which takes few values.
    values, index = np.unique(x, return_inverse=True)
    value_shares = np.bincount(index, shares)
    flips = values + first_flips(model or BG_NBD)
    could_leave = (flips > 0)[index]

    def buying(r: float, alpha: float) -> tuple[float, np.ndarray]:
        rate = np.log(alpha) - np.log(alpha + age)
        value = (value_shares * (gammaln(r + values) - gammaln(r))).sum()
        value += (shares * (r * rate - x * np.log(alpha + age))).sum()
        r_slope = (value_shares * (psi(r + values) - psi(r))).sum()
        r_slope += (shares * rate).sum()
        alpha_slope = r - (shares * (r + x) * alpha / (alpha + age)).sum()
        return value, np.array([r * r_slope, alpha_slope])

    def leaving(
        r: float, alpha: float, a: float, b: float
    ) -> tuple[float, np.ndarray, np.ndarray]:
        ratio = np.log((alpha + age) / (alpha + t_x))
        last = np.where(flips > 0, b + flips - 1, 1.0)
        logit = (np.log(a) - np.log(last))[index] + (r + x) * ratio
        logit = np.where(could_leave, logit, -np.inf)
        gone = shares * expit(logit)
        gone_by_value = np.bincount(index, gone)
        staying = gammaln(b + flips) - gammaln(b) + gammaln(a + b)
        staying -= gammaln(a + b + flips)
        value = (value_shares * staying).sum()
        value += (shares * np.logaddexp(0, logit)).sum()
        both = psi(a + b) - psi(a + b + flips)
        alpha_slopes = alpha / (alpha + age) - alpha / (alpha + t_x)
        a_slope = a * (value_shares * both).sum() + gone.sum()
        b_slopes = value_shares * (both + psi(b + flips) - psi(b))
        b_slopes -= gone_by_value / last
        return (
            value,
            np.array([r * (gone * ratio).sum(), (gone * (r + x) * alpha_slopes).sum()]),
            np.array([a_slope, b * b_slopes.sum()]),
        )

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, *chances = np.exp(logs)
        value, slopes = buying(r, alpha)
        if model is None:
            return -value, -slopes
        gain, more, rest = leaving(r, alpha, *chances)
        return -(value + gain), -np.concatenate([slopes + more, rest])

    return loss


def _tidy(rows: list[dict[str, object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(_COLUMN_TYPES))
    # Typed throughout: DuckDB would read an empty object column as INTEGER.
    table = table.astype(_COLUMN_TYPES)
    return table.sort_values(["scored_on", "model"], ignore_index=True)
