"""What customers are expected to order: BG/NBD and MBG/NBD, looking ahead."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import betaincinv, betaln, logit, polygamma
from threadpoolctl import threadpool_limits

from segmentation.purchase_model import (
    DAYS_PER_WEEK,
    PurchaseParameters,
    PurchaseSettings,
    first_flips,
    probability_alive,
)
from segmentation.rounding import rounded_array

_MONTHS_PER_YEAR = 12
_DAYS_PER_YEAR = 365
# Share of the weight that the integral may leave out at either end.
_TAIL = 1e-15
# Widest step of the integral, and steps per standard deviation of the weight.
_WIDEST_STEP = 0.3
_STEPS_PER_DEVIATION = 2
# Numbers held in memory at a time.
_BLOCK = 2**21

_TRIPLE = ["repeat_count", "last_repeat_days", "age_days"]
_COLUMN_TYPES = {
    **dict.fromkeys(_TRIPLE, "int64"),
    "expected_orders": "float64",
    "discounted_orders": "float64",
    "expected_orders_if_alive": "float64",
    "discounted_orders_if_alive": "float64",
    "probability_alive": "float64",
}


def expected_orders_if_alive(
    horizon: np.ndarray,
    x: np.ndarray,
    T: np.ndarray,
    parameters: PurchaseParameters,
    model: str,
) -> np.ndarray:
    """Expect the purchases within a horizon of customers who have not left.

    Parameters
    ----------
    horizon : time ahead, in the unit of ``alpha``
    x, T : repeat purchases and age, in the unit of ``alpha``; when the last was does
        not matter for who is alive
    parameters, model : as learned

    Returns
    -------
    Array of the broadcast shape.

    Notes
    -----
    Who is alive has a purchase rate from Gamma(r + x, alpha + T) and a chance p to
    leave after each purchase from Beta(a, b + n), n = x (BG/NBD) or x + 1 (MBG/NBD);
    with both known, (1 - exp(-rate p horizon)) / p purchases are expected. So it is

    ``E[(1 - (1 + p h)^-(r + x)) / p]``, h = horizon / (alpha + T), p ~ Beta(a, b + n)

    which equals the published forms with a hypergeometric function (Fader, Hardie, Lee
    2005, equation 10; Batislam et al. 2007). Their terms overflow for large x and
    cancel near a = 1; the integral does neither.
    """
    arrays = (np.asarray(array, dtype=float) for array in (horizon, x, T))
    horizon, x, T = np.broadcast_arrays(*arrays)
    ratio = horizon / (parameters.alpha + T)
    if parameters.a == 0:
        return (parameters.r + x) * ratio
    expected = np.empty(ratio.shape)
    for value in np.unique(x):
        is_it = x == value
        expected[is_it] = _mean_orders(
            ratio[is_it],
            parameters.r + value,
            parameters.a,
            parameters.b + value + first_flips(model),
        )
    return expected


def expected_orders(
    horizon: np.ndarray,
    x: np.ndarray,
    t_x: np.ndarray,
    T: np.ndarray,
    parameters: PurchaseParameters,
    model: str,
) -> np.ndarray:
    """Expect the purchases within a horizon, of customers who may have left.

    Parameters
    ----------
    horizon : time ahead, in the unit of ``alpha``
    x, t_x, T : repeat purchases, time of the last and age, in the unit of ``alpha``
    parameters, model : as learned

    Returns
    -------
    Array of ``probability_alive`` times ``expected_orders_if_alive``.
    """
    alive = probability_alive(x, t_x, T, parameters, model)
    return alive * expected_orders_if_alive(horizon, x, T, parameters, model)


def expect_orders(
    triples: pd.DataFrame,
    parameters: pd.DataFrame,
    settings: Mapping[str, str | None],
) -> pd.DataFrame:
    """Expect the orders of every distinct history; SQL joins customers to them.

    Parameters
    ----------
    triples : DataFrame with repeat_count, last_repeat_days and age_days, whole numbers
    parameters : what ``fit_purchase_models`` returned, of any dates; in use is the
        last row of ``connector`` and ``as_of_date`` that is usable and is_used
    settings : mapping of setting to text; unknown keys are ignored

    Returns
    -------
    DataFrame with repeat_count, last_repeat_days, age_days, then over
    ``value_horizon_days`` expected_orders, discounted_orders and both
    ``_if_alive``, and probability_alive, sorted by the first three, rounded to 9
    decimals. Discounted means that what is expected in month m (a twelfth of 365 days;
    the last one may be cut short) is divided by ``(1 + yearly_discount_rate)^(m /
    12)``. Empty where there are no usable parameters. The order of the rows does not
    matter.

    Raises
    ------
    ValueError
        A setting is missing, unreadable or out of range; a triple is not of whole
        numbers; several rows of parameters are in use.
    """
    if triples.empty or parameters.empty:
        return _tidy({})
    read = PurchaseSettings.from_text(settings)
    row = _row_in_use(parameters, read)
    if row is None:
        return _tidy({})
    learned = PurchaseParameters(
        *(float(row[name]) for name in ("r", "alpha", "a", "b"))
    )
    x, t_x, age = _whole(triples).T
    # When the last order was does not matter for who is alive.
    pairs, index = np.unique(np.stack([x, age], axis=1), axis=0, return_inverse=True)
    ends = _month_ends(read.value_horizon_days)
    with threadpool_limits(limits=1):
        orders = expected_orders_if_alive(
            ends / DAYS_PER_WEEK,
            pairs[:, [0]],
            pairs[:, [1]] / DAYS_PER_WEEK,
            learned,
            row["model"],
        )
    months = np.arange(1, len(ends) + 1)
    factors = (1 + read.yearly_discount_rate) ** (-months / _MONTHS_PER_YEAR)
    discounted = (np.diff(orders, axis=1, prepend=0.0) * factors).sum(axis=1)
    alive = probability_alive(
        x, t_x / DAYS_PER_WEEK, age / DAYS_PER_WEEK, learned, row["model"]
    )
    orders, discounted = orders[index, -1], discounted[index]
    return _tidy(
        {
            "repeat_count": x,
            "last_repeat_days": t_x,
            "age_days": age,
            "expected_orders": rounded_array(alive * orders),
            "discounted_orders": rounded_array(alive * discounted),
            "expected_orders_if_alive": rounded_array(orders),
            "discounted_orders_if_alive": rounded_array(discounted),
            "probability_alive": rounded_array(alive),
        }
    )


def _mean_orders(ratio: np.ndarray, shape: float, a: float, b: float) -> np.ndarray:
    """Mean of ``(1 - (1 + p ratio)^-shape) / p`` over p ~ Beta(a, b), b above 0."""
    at_0 = shape * ratio
    at_1 = -np.expm1(-shape * np.log1p(ratio))
    p, rest, weights = _nodes(a, b)
    means = np.empty(len(ratio))
    block = max(1, _BLOCK // len(p))
    for start in range(0, len(ratio), block):
        part = slice(start, start + block)
        orders = -np.expm1(-shape * np.log1p(p * ratio[part, None])) / p
        line = rest * at_0[part, None] + p * at_1[part, None]
        means[part] = ((orders - line) * weights).sum(axis=1)
    return (b * at_0 + a * at_1) / (a + b) + means


def _nodes(a: float, b: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where and with which weight to sum for a mean over p ~ Beta(a, b).

    The trapezoidal rule over log odds converges exponentially. It is for functions that
    vanish at both ends (hence the straight line that is taken off), so that its range
    stays short however small a and b are.
    """
    low = logit(betaincinv(a + 1, b + 1, _TAIL))
    high = -logit(betaincinv(b + 1, a + 1, _TAIL))
    deviation = np.sqrt(polygamma(1, a + 1) + polygamma(1, b + 1))
    step = min(_WIDEST_STEP, deviation / _STEPS_PER_DEVIATION)
    odds = np.arange(low, high + step, step)
    log_p, log_rest = -np.logaddexp(0, -odds), -np.logaddexp(0, odds)
    weights = step * np.exp(a * log_p + b * log_rest - betaln(a, b))
    return np.exp(log_p), np.exp(log_rest), weights


def _month_ends(horizon_days: int) -> np.ndarray:
    months = -(-horizon_days * _MONTHS_PER_YEAR // _DAYS_PER_YEAR)
    ends = np.arange(1, months + 1) * (_DAYS_PER_YEAR / _MONTHS_PER_YEAR)
    ends[-1] = horizon_days
    return ends


def _row_in_use(
    parameters: pd.DataFrame, settings: PurchaseSettings
) -> pd.Series | None:
    """Row that was learned last, from nothing later than the as-of date."""
    today = pd.Timestamp(settings.as_of_date)
    learned_on = pd.to_datetime(parameters["scored_on"])
    is_usable = (
        parameters["is_used"].astype(bool)
        & (parameters["connector"] == settings.connector)
        & (pd.to_datetime(parameters["as_of_date"]) == today)
        & (learned_on <= today)
        & parameters["r"].notna()
    )
    if not is_usable.any():
        return None
    rows = parameters[is_usable & (learned_on == learned_on[is_usable].max())]
    if len(rows) > 1:
        raise ValueError("parameters holds several rows in use for one scored_on")
    return rows.iloc[0]


def _whole(triples: pd.DataFrame) -> np.ndarray:
    numbers = triples[_TRIPLE].astype("float64").to_numpy()
    if not (numbers % 1 == 0).all():
        raise ValueError(f"triples needs whole numbers for each of {_TRIPLE}")
    return numbers


def _tidy(columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
    # Typed throughout: DuckDB would read an empty object column as INTEGER.
    table = pd.DataFrame(columns, columns=list(_COLUMN_TYPES)).astype(_COLUMN_TYPES)
    return table.sort_values(_TRIPLE, ignore_index=True)
