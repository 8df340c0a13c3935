"""Divide a budget over segments so that the last unit earns the same in each."""

from decimal import Decimal
from math import fsum
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

HILL = "hill"
LOG = "log"
CURVES = (HILL, LOG)

FLOOR = "floor"
CAP = "cap"
NONE = "none"
NO_RESPONSE = "no_response"

RESPONDS = "responds"
NEGATIVE = "negative_response"

# Floors and caps are sums of rounded shares of a total; this much is no conflict.
_SUM_TOLERANCE = 1e-9
# Of an amount; two sums that differ by less are equal.
_ROUNDING = 1e-13
# Newton's steps towards the exact total; the first is nearly always enough.
_CORRECTIONS = 2
_CENTS = 100
# Of a cent; closer to a whole cent is that cent.
_CENT_TOLERANCE = 1e-6

_SEGMENT_TYPES = {
    "segment_key": "str",
    "response_status": "str",
    "binding_constraint": "str",
    "spend_amount": "float64",
    "floor_amount": "float64",
    "cap_amount": "float64",
    "expected_margin_amount": "float64",
    "marginal_return": "float64",
}


class InfeasibleBudgetError(ValueError):
    """No division keeps to floors, caps and total; the message has the numbers."""


class Allocation(NamedTuple):
    """A budget, divided; amounts are in the unit of the total.

    ``segments`` is a DataFrame sorted by segment_key with segment_key, response_status
    ('responds', 'no_response' where a is 0, 'negative_response' where it is below),
    binding_constraint ('floor', 'cap', 'none', 'no_response'), spend_amount,
    floor_amount, cap_amount, expected_margin_amount and marginal_return.
    ``marginal_return`` is what the next unit of budget earns: the common marginal
    return of all segments that nothing binds, and where each is bound the best of
    those that may still take more (0 where none may). ``kkt_residual`` is the largest
    relative violation of the conditions of an optimum; 0 is perfect.
    ``value_of_more_amount`` is the margin that ``more`` units of budget would add.
    """

    segments: pd.DataFrame
    marginal_return: float
    spent_amount: float
    unspent_amount: float
    expected_margin_amount: float
    kkt_residual: float
    value_of_more_amount: float


class Problem(NamedTuple):
    """Arrays (segments,) that ``fill`` takes; see there."""

    is_log: np.ndarray
    a: np.ndarray
    b: np.ndarray
    low: np.ndarray
    high: np.ndarray


class Filling(NamedTuple):
    """Amounts and state (segments,), and the marginal return of the next unit.

    ``side`` is -1 at the lower bound, 1 at the upper and 0 between.
    """

    amounts: np.ndarray
    side: np.ndarray
    marginal_return: float


def expected_margin(
    curve: ArrayLike, a: ArrayLike, b: ArrayLike, spend: ArrayLike
) -> np.ndarray:
    """Margin that a spend brings: ``a x / (b + x)`` or ``a ln(1 + x / b)``.

    Parameters
    ----------
    curve : 'hill' or 'log', one or an array
    a : the unit of the margin; what is not positive brings 0
    b : the unit of the spend, positive where a is
    spend : x, at least 0

    Returns
    -------
    Array of the broadcast shape, in the unit of a.
    """
    is_log, a, b, x = _broadcast(curve, a, b, spend)
    with np.errstate(invalid="ignore"):
        # Above all bounds of money the ceiling itself.
        hill = np.where(np.isinf(x), 1.0, x / (b + x))
    return np.where(a > 0, a * np.where(is_log, np.log1p(x / b), hill), 0.0)


def marginal_return(
    curve: ArrayLike, a: ArrayLike, b: ArrayLike, spend: ArrayLike
) -> np.ndarray:
    """Margin per further unit of spend: ``a b / (b + x)^2`` or ``a / (b + x)``.

    Parameters are those of ``expected_margin``. Returns an array of the broadcast
    shape, in units of margin per unit of spend; 1 earns the money back.
    """
    is_log, a, b, x = _broadcast(curve, a, b, spend)
    return np.where(a > 0, _slope(is_log, a, b, x), 0.0)


def allocate(
    curves: pd.DataFrame,
    total: float,
    *,
    may_leave_unspent: bool = False,
    more: float = 1000.0,
) -> Allocation:
    """Divide a total over segments for the highest margin, within floors and caps.

    Parameters
    ----------
    curves : DataFrame with segment_key, curve ('hill' or 'log', mixed at will), a (a
        margin; a segment with 0 or less gets its floor and nothing more) and b (an
        amount, positive where a is; not read elsewhere); floor_amount (default 0) and
        cap_amount (default, and where infinite: no cap). The period of the curves is
        that of the total
    total : amount to be divided, at least 0
    may_leave_unspent : whether what the caps do not let through may be left over
    more : amount whose value on top of the total is told, in the same unit

    Returns
    -------
    Allocation. The order of the rows does not matter, to the last bit.

    Raises
    ------
    ValueError
        The total is negative or not finite; a segment is listed twice or has no key, an
        unknown curve, a missing or infinite number, a negative floor or a floor above
        its cap. InfeasibleBudgetError, a ValueError: the floors sum to more than the
        total, or the segments can take less and the rest may not be left over.

    Notes
    -----
    Water-filling: all that nothing binds share one marginal return. Between two
    neighbouring marginal returns at which somebody reaches a bound that return has a
    closed form, for both curves together the root of a quadratic; so there is no
    tolerance to choose.
    """
    listed = _read_curves(curves)
    total = _read_total(total)
    problem = _problem(listed)
    spent = _spendable(problem, total, may_leave_unspent)
    filling = fill(problem, spent)
    curve, a, b = listed["curve"], listed["a"], listed["b"]
    amounts = filling.amounts
    margins = expected_margin(curve, a, b, amounts)
    segments = pd.DataFrame(
        {
            "segment_key": listed["segment_key"],
            "response_status": _statuses(listed["a"].to_numpy()),
            "binding_constraint": _bindings(problem, filling),
            "spend_amount": amounts,
            "floor_amount": listed["floor_amount"],
            "cap_amount": listed["cap_amount"],
            "expected_margin_amount": margins,
            "marginal_return": marginal_return(curve, a, b, amounts),
        }
    ).astype(_SEGMENT_TYPES)
    richer = fill(problem, min(spent + more, max(_capacity(problem), spent))).amounts
    gains = expected_margin(curve, a, b, richer) - margins
    return Allocation(
        segments,
        filling.marginal_return,
        fsum(amounts),
        max(total - spent, 0.0),
        fsum(margins),
        _kkt_residual(problem, filling, spent),
        fsum(gains),
    )


def to_cents(
    amounts: ArrayLike,
    total: float | Decimal,
    floors: ArrayLike | None = None,
    caps: ArrayLike | None = None,
) -> np.ndarray:
    """Round amounts to cents that sum to the total to the cent.

    Parameters
    ----------
    amounts : array (segments,), at least 0, in an order that does not change between
        builds: of equal remainders the first counts
    total : whole number of cents as float, int or Decimal, the sum of the amounts up
        to less than a cent per segment
    floors, caps : arrays (segments,) that no amount is to leave, where given; they bind
        where they are whole cents

    Returns
    -------
    Array (segments,) of int64, in cents: each amount is rounded down or up, the largest
    remainders first.

    Raises
    ------
    ValueError
        The total is not a whole number of cents, an amount is negative or not finite,
        or cents that lie next to the amounts do not sum to the total.
    """
    exact = np.asarray(amounts, dtype=float) * _CENTS
    if not (np.isfinite(exact).all() and (exact >= 0).all()):
        raise ValueError(f"amounts must be finite and not negative, got {amounts}")
    wanted = Decimal(str(total)) * _CENTS
    if wanted != wanted.to_integral_value():
        raise ValueError(f"the total {total} is not a whole number of cents")
    nearest = np.rint(exact)
    is_whole = np.abs(exact - nearest) <= np.maximum(_CENT_TOLERANCE, exact * 1e-15)
    exact = np.where(is_whole, nearest, exact)
    cents = np.floor(exact).astype(np.int64)
    lowest, highest = _cent_bounds(floors, caps, len(cents))
    cents = np.clip(cents, lowest, highest)
    missing = int(wanted) - int(cents.sum())
    # One cent up for the largest remainders, or down for the smallest.
    step = 1 if missing > 0 else -1
    room = cents < highest if step > 0 else cents > lowest
    order = np.lexsort((np.arange(len(cents)), step * (cents - exact)))
    chosen = [position for position in order if room[position]][: abs(missing)]
    if len(chosen) < abs(missing):
        raise ValueError(
            f"amounts that sum to {fsum(exact) / _CENTS:,.2f} cannot be rounded to the "
            f"total of {wanted / _CENTS:,.2f} within their floors and caps"
        )
    cents[chosen] += step
    return cents


def fill(problem: Problem, total: float) -> Filling:
    """Water-filling on arrays that were checked; ``allocate`` is the way in.

    Parameters
    ----------
    problem : Problem; a segment with a = 0 has equal bounds
    total : amount between the sum of the lower and that of the upper bounds
    """
    is_log, a, b, low, high = problem
    at_low = _slope(is_log, a, b, low)
    # Where a curve is so straight that both are equal, the bounds are still two.
    at_high = np.minimum(_slope(is_log, a, b, high), np.nextafter(at_low, 0))
    can_move = low < high
    if total >= fsum(high):
        return Filling(high.copy(), np.where(can_move, 1.0, 0.0), 0.0)
    # Marginal returns at which somebody reaches a bound, from high to low.
    levels = np.unique(np.r_[at_low[can_move], at_high[can_move]])[::-1]
    sums = np.array([fsum(_at_level(problem, level)) for level in levels])
    # Where a bound is reached exactly, the next unit goes to whoever is next.
    reached = total + _ROUNDING * max(total, 1.0)
    position = int(np.searchsorted(sums, reached, side="right"))
    position = min(max(position, 1), len(levels) - 1)
    above, below = levels[position - 1], levels[position]
    is_capped = can_move & (at_high >= above)
    is_free = can_move & ~is_capped & (at_low >= above)
    amounts = np.where(is_capped, high, low)
    rest = total - fsum(amounts[~is_free])
    root = _root(is_log[is_free], a[is_free], b[is_free], rest)
    level = float(np.clip(1 / root**2, below, above))
    amounts = np.where(is_free, _at_level(problem, level), amounts)
    weight = np.where(is_free, (b + amounts) / np.where(is_log, 1, 2), 0.0)
    for _ in range(_CORRECTIONS):
        gap = total - fsum(amounts)
        amounts = np.clip(amounts + gap * weight / fsum(weight), low, high)
    side = np.where(is_capped, 1.0, np.where(is_free & (amounts > low), 0.0, -1.0))
    side = np.where(can_move, side, 0.0)
    return Filling(amounts, side, level)


def _slope(
    is_log: np.ndarray, a: np.ndarray, b: np.ndarray, x: np.ndarray
) -> np.ndarray:
    return np.where(is_log, a / (b + x), a / (b + x) * (b / (b + x)))


def _at_level(problem: Problem, level: float) -> np.ndarray:
    """Amounts at which the marginal return is the level, within the bounds."""
    is_log, a, b, low, high = problem
    if level <= 0:
        return high
    inverse = np.where(is_log, a / level, np.sqrt(a / level * b)) - b
    return np.clip(inverse, low, high)


def _root(is_log: np.ndarray, a: np.ndarray, b: np.ndarray, rest: float) -> float:
    """One over the square root of the common marginal return u of free segments.

    The sum of ``a u^2 - b`` over log and ``sqrt(a b) u - b`` over Hill is the rest.
    """
    square = fsum(a[is_log])
    linear = fsum(np.sqrt(a[~is_log]) * np.sqrt(b[~is_log]))
    constant = rest + fsum(b)
    discriminant = linear**2 + 4 * square * constant
    return 2 * constant / (linear + np.sqrt(discriminant))


def _broadcast(
    curve: ArrayLike, a: ArrayLike, b: ArrayLike, spend: ArrayLike
) -> tuple[np.ndarray, ...]:
    is_log = np.asarray(curve, dtype=object) == LOG
    a, b, x = (np.asarray(values, dtype=float) for values in (a, b, spend))
    return is_log, a, np.where(a > 0, b, 1.0), x


def _read_total(total: float) -> float:
    number = float(total)
    if not np.isfinite(number):
        raise ValueError(f"the total must be a finite number, got {total}")
    if number < 0:
        raise ValueError(f"the total must not be negative, got {number:,.2f}")
    return number


def _read_curves(curves: pd.DataFrame) -> pd.DataFrame:
    listed = curves.copy()
    if "floor_amount" not in listed:
        listed["floor_amount"] = 0.0
    if "cap_amount" not in listed:
        listed["cap_amount"] = np.inf
    numbers = ["a", "b", "floor_amount", "cap_amount"]
    listed = listed[["segment_key", "curve", *numbers]]
    if listed["segment_key"].isna().any():
        raise ValueError("curves has a segment without a segment_key")
    listed = listed.astype({**dict.fromkeys(numbers, "float64"), "segment_key": "str"})
    listed = listed.sort_values("segment_key", ignore_index=True)
    for _, row in listed[listed["segment_key"].duplicated()].iterrows():
        raise ValueError(f"curves lists segment {row['segment_key']} twice")
    for _, row in listed.iterrows():
        obstacle = _obstacle(row)
        if obstacle:
            raise ValueError(f"segment {row['segment_key']} has {obstacle}")
    return listed


def _obstacle(row: pd.Series) -> str | None:
    """What is wrong with a segment, or None."""
    a, b, floor, cap = row["a"], row["b"], row["floor_amount"], row["cap_amount"]
    if row["curve"] not in CURVES:
        return f"the curve '{row['curve']}', which is none of {CURVES}"
    if not np.isfinite(a) or (a > 0 and not (np.isfinite(b) and b > 0)):
        return f"a = {a} and b = {b}, which must be finite, b positive"
    if not np.isfinite(floor) or np.isnan(cap):
        return f"a floor of {floor} and a cap of {cap}, which must be numbers"
    if floor < 0:
        return f"a floor of {floor:,.2f}, which is negative"
    if floor > cap:
        return f"a floor of {floor:,.2f} above its cap of {cap:,.2f}"
    return None


def _problem(listed: pd.DataFrame) -> Problem:
    a = np.maximum(listed["a"].to_numpy(), 0.0)
    low = listed["floor_amount"].to_numpy()
    return Problem(
        is_log=(listed["curve"] == LOG).to_numpy(dtype=bool),
        a=a,
        b=np.where(a > 0, listed["b"].to_numpy(), 1.0),
        low=low,
        high=np.where(a > 0, listed["cap_amount"].to_numpy(), low),
    )


def _capacity(problem: Problem) -> float:
    return fsum(problem.high)


def _spendable(problem: Problem, total: float, may_leave_unspent: bool) -> float:
    """How much of the total is divided."""
    floors, capacity = fsum(problem.low), _capacity(problem)
    tolerance = _SUM_TOLERANCE * max(total, 1.0)
    if floors > total + tolerance:
        raise InfeasibleBudgetError(
            f"the floors sum to {floors:,.2f}, which is above the total of {total:,.2f}"
        )
    if capacity < total - tolerance and not may_leave_unspent:
        raise InfeasibleBudgetError(
            f"the segments can take at most {capacity:,.2f} of the total of "
            f"{total:,.2f}, and the rest may not stay unspent"
        )
    return min(max(total, floors), capacity)


def _statuses(a: np.ndarray) -> np.ndarray:
    return np.select([a > 0, a == 0], [RESPONDS, NO_RESPONSE], NEGATIVE)


def _bindings(problem: Problem, filling: Filling) -> np.ndarray:
    is_log, a, b, low, high = problem
    slopes = _slope(is_log, a, b, filling.amounts)
    # Equal bounds leave no choice: which of the two is in the way is worth knowing.
    is_fixed = low == high
    is_capped = np.where(is_fixed, slopes > filling.marginal_return, filling.side > 0)
    is_floored = np.where(is_fixed, True, filling.side < 0)
    return np.select(
        [a <= 0, is_capped, is_floored], [NO_RESPONSE, CAP, FLOOR], default=NONE
    )


def _kkt_residual(problem: Problem, filling: Filling, total: float) -> float:
    """Largest relative violation: of equal slopes, of bounds that bind, of the sum."""
    is_log, a, b, low, high = problem
    amounts, level = filling.amounts, filling.marginal_return
    ratios = _slope(is_log, a, b, amounts) / level if level > 0 else np.ones(len(a))
    excess = ratios - 1
    violations = np.select(
        [low == high, amounts <= low, amounts >= high],
        [0.0, np.maximum(excess, 0), np.maximum(-excess, 0)],
        default=np.abs(excess),
    )
    gap = abs(fsum(amounts) - total) / max(total, 1.0)
    return float(max(violations.max(initial=0.0), gap))


def _cent_bounds(
    floors: ArrayLike | None, caps: ArrayLike | None, count: int
) -> tuple[np.ndarray, np.ndarray]:
    largest = float(np.iinfo(np.int64).max // 2)
    low = np.zeros(count) if floors is None else np.asarray(floors, dtype=float)
    high = np.full(count, np.inf) if caps is None else np.asarray(caps, dtype=float)
    low = np.ceil(low * _CENTS - _CENT_TOLERANCE)
    high = np.minimum(np.floor(high * _CENTS + _CENT_TOLERANCE), largest)
    # Between two cents there is none to keep to: the nearest below and above are next.
    is_empty = low > high
    low, high = np.where(is_empty, high, low), np.where(is_empty, low, high)
    return low.astype(np.int64), high.astype(np.int64)
