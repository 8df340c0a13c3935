"""What a contact changed: those contacted against those held out at random."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtr, stdtrit

from segmentation.rounding import rounded_array
from segmentation.settings import Limits, TextSettings

MEASURED = "measured"
NOT_ENOUGH = "not enough data"

# Of the intervals, on either side.
_TAIL = 0.05
# Responders whose own spread of amounts counts as much as everybody's.
_SPREAD_RESPONDERS = 100
# 13 hexadecimal digits are the 52 bits that a double holds exactly.
_BUCKET_DIGITS = 13

_SUMS = ["response_amount", "response_squares"]
_COVARIATES = ["covariate_amount", "covariate_squares", "covariate_products"]
_COUNTS = ["customers", "responders"]
_MEASURES = [*_COUNTS, *_SUMS, "cost_amount", *_COVARIATES]

_COUNT_NAMES = ["contacted", "holdout", "responded", "holdout_responded"]
_NUMBER_NAMES = [
    "response_rate",
    "holdout_rate",
    "lift",
    "lift_low",
    "lift_high",
    "mean_difference_amount",
    "incremental_amount",
    "standard_error",
    "incremental_low_amount",
    "incremental_high_amount",
    "cost_amount",
    "roi",
    "roi_low",
    "roi_high",
    "p_value",
    "adjusted_p_value",
]
_COLUMN_TYPES = {
    "evidence": "str",
    "reason": "str",
    **dict.fromkeys(_COUNT_NAMES, "int64"),
    **dict.fromkeys(_NUMBER_NAMES, "float64"),
    "is_significant": "bool",
    "is_adjusted": "bool",
}


@dataclass(frozen=True, kw_only=True)
class LiftSettings(TextSettings):
    """What counts as measured; every field is a setting of the same name.

    ``minimum_lift_customers`` are needed in either group, and so many of them that
    ``minimum_lift_responders`` are to be expected there at the response rate of both
    together. ``lift_false_discovery_rate`` is the share of false alarms among the
    segments of a campaign that are called significant.
    """

    minimum_lift_customers: int
    minimum_lift_responders: int
    lift_false_discovery_rate: float

    numbers: ClassVar[dict[str, Limits]] = {
        "minimum_lift_customers": (int, 2, 10**9),
        "minimum_lift_responders": (int, 1, 10**9),
        "lift_false_discovery_rate": (float, 0, 1),
    }


class Group(NamedTuple):
    """Sums over a group, arrays (campaigns x segments,)."""

    customers: np.ndarray
    responders: np.ndarray
    response_amount: np.ndarray
    response_squares: np.ndarray
    cost_amount: np.ndarray
    covariate_amount: np.ndarray
    covariate_squares: np.ndarray
    covariate_products: np.ndarray


class Difference(NamedTuple):
    """Difference of means, its standard error and degrees of freedom (rows,)."""

    mean: np.ndarray
    error: np.ndarray
    degrees: np.ndarray
    is_adjusted: np.ndarray


def measure_lift(
    outcomes: pd.DataFrame,
    settings: Mapping[str, str | None],
    keys: Sequence[str] = ("campaign_id", "segment_key"),
) -> pd.DataFrame:
    """Measure what each campaign changed in each segment.

    Parameters
    ----------
    outcomes : DataFrame with the keys, is_holdout (drawn at random), customers,
        responders (customers with a response), response_amount and response_squares
        (sum of the amount per customer and of its square, who did not respond counting
        0); one row per group. Optional: cost_amount (of contacting; null is unknown,
        read of those contacted), and covariate_amount, covariate_squares and
        covariate_products (sums of an amount from before the campaign, of its square
        and of its product with the response; null: none)
    settings : mapping of setting to text; unknown keys are ignored
    keys : columns that name a row, segment_key among them; the segments that the other
        keys have in common are looked at together

    Returns
    -------
    DataFrame with a row per keys, sorted by them: evidence ('measured' or 'not enough
    data') and reason (a sentence); contacted, holdout, responded, holdout_responded
    (customers); response_rate, holdout_rate and lift, their difference, with a 90 %
    interval; mean_difference_amount per customer and incremental_amount, that times the
    contacted, with standard_error and a 90 % interval of the latter; cost_amount, roi
    ``(incremental - cost) / cost``, a return only where the response is a margin, with
    the same interval, NaN where cost is 0 or unknown; p_value of no difference in
    amounts, adjusted_p_value for the number of segments looked at, is_significant;
    is_adjusted, whether a covariate took part. What is not measured is NaN. Numbers are
    rounded to 9 decimals. The order of the rows does not matter.

    Raises
    ------
    ValueError
        A setting is missing, unreadable or out of range; a key, is_holdout, a count or
        a sum is missing or not finite; a group is listed twice; a count or a cost is
        negative; more customers responded than there are.

    Notes
    -----
    Rates: Newcombe's hybrid score interval (1998, method 10). Amounts: Welch's interval
    with a variance that is safe where few of many customers buy and amounts are skewed.
    There Welch's own covers 82 to 88 % instead of 90 %: a small holdout that misses its
    big spenders underestimates its mean and its variance at once. So the second moment
    of a group is its mean times that ratio of second moment to mean that both groups
    have together, and its own the more it has responders (half at 100). Segments are
    corrected by Benjamini and Hochberg (1995). The covariate is taken out as in CUPED
    (Deng et al. 2013), by its slope within the groups.
    """
    learning = LiftSettings.from_text(settings)
    keys = list(keys)
    index, contacted, held = _read_outcomes(outcomes, keys)
    with np.errstate(divide="ignore", invalid="ignore"):
        numbers = _numbers(contacted, held)
    is_spread = numbers["standard_error"] > 0
    is_measured, reasons = _judge(contacted, held, is_spread, learning)
    frame = index.to_frame(index=False).astype("str")
    for name, values in zip(
        _COUNT_NAMES,
        (contacted.customers, held.customers, contacted.responders, held.responders),
        strict=True,
    ):
        frame[name] = values
    facts = ("response_rate", "holdout_rate", "cost_amount")
    for name, values in numbers.items():
        known = values if name in facts else np.where(is_measured, values, np.nan)
        frame[name] = rounded_array(known.astype(float))
    frame["is_adjusted"] = numbers["is_adjusted"].astype(bool) & is_measured
    family = [key for key in keys if key != "segment_key"]
    frame["adjusted_p_value"] = _adjusted(frame, family)
    limit = learning.lift_false_discovery_rate
    frame["is_significant"] = frame["adjusted_p_value"] <= limit
    frame["evidence"] = np.where(is_measured, MEASURED, NOT_ENOUGH)
    frame["reason"] = reasons
    return frame[[*keys, *_COLUMN_TYPES]].astype(_COLUMN_TYPES)


def newcombe_interval(
    responded: np.ndarray,
    contacted: np.ndarray,
    held_responded: np.ndarray,
    held: np.ndarray,
    tail: float = _TAIL,
) -> tuple[np.ndarray, np.ndarray]:
    """Bound the difference of two response rates.

    Parameters
    ----------
    responded, contacted, held_responded, held : customers, arrays of one shape
    tail : probability beyond either bound

    Returns
    -------
    Lower and upper bound of ``responded / contacted - held_responded / held``, by
    Newcombe's hybrid of Wilson's score intervals (1998, method 10).
    """
    rate, low, high = _wilson(responded, contacted, tail)
    held_rate, held_low, held_high = _wilson(held_responded, held, tail)
    difference = rate - held_rate
    return (
        difference - np.sqrt((rate - low) ** 2 + (held_high - held_rate) ** 2),
        difference + np.sqrt((high - rate) ** 2 + (held_rate - held_low) ** 2),
    )


def adjust_p_values(p_values: np.ndarray) -> np.ndarray:
    """Correct p-values for their number, by Benjamini and Hochberg (1995).

    Parameters
    ----------
    p_values : array (tests,); NaN is no test

    Returns
    -------
    Array of the same shape: the lowest false discovery rate at which each test would be
    called significant.
    """
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    raised = p_values[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted = np.full(len(p_values), np.nan)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1)
    return adjusted


def holdout_bucket(campaign_id: str, customer_id: str) -> float:
    """Draw a number that depends on campaign and customer and on nothing else.

    Parameters
    ----------
    campaign_id, customer_id : as text

    Returns
    -------
    Number in [0, 1): the first 13 hexadecimal digits of the MD5 of
    ``campaign_id|customer_id`` (UTF-8), over 16^13. Customers below the share to be
    held out are held out; 52 bits are exact in a double, so SQL has the same number.
    """
    text = f"{campaign_id}|{customer_id}".encode()
    digest = hashlib.md5(text, usedforsecurity=False).hexdigest()
    return int(digest[:_BUCKET_DIGITS], 16) / 16**_BUCKET_DIGITS


def _read_outcomes(
    outcomes: pd.DataFrame, keys: list[str]
) -> tuple[pd.MultiIndex, Group, Group]:
    """Keys, and the sums over those contacted and over those held out."""
    needed = [*keys, "is_holdout", *_COUNTS, *_SUMS]
    if outcomes[needed].isna().any(axis=None):
        raise ValueError(f"outcomes needs a value for each of {needed}")
    optional = [name for name in _MEASURES if name not in needed and name in outcomes]
    known = outcomes[[*needed, *optional]].astype(
        {
            **dict.fromkeys(keys, "str"),
            "is_holdout": "bool",
            **dict.fromkeys([*_COUNTS, *_SUMS, *optional], "float64"),
        }
    )
    known = known.reindex(columns=[*keys, "is_holdout", *_MEASURES])
    if np.isinf(known[_MEASURES].to_numpy(dtype=float)).any():
        raise ValueError(f"{_MEASURES} in outcomes must be finite")
    if known.duplicated([*keys, "is_holdout"]).any():
        raise ValueError("outcomes lists a group of a campaign and segment twice")
    if (known[[*_COUNTS, "cost_amount"]] < 0).any(axis=None):
        raise ValueError("customers, responders and cost_amount must not be negative")
    if (known["responders"] > known["customers"]).any():
        raise ValueError("outcomes has a group with more responders than customers")
    index = pd.MultiIndex.from_frame(known[keys].drop_duplicates().sort_values(keys))
    groups = []
    for is_holdout in (False, True):
        group = known[known["is_holdout"] == is_holdout].set_index(keys)[_MEASURES]
        group = group.reindex(index)
        empty = dict.fromkeys([*_COUNTS, *_SUMS], 0.0)
        groups.append(Group(*group.fillna(empty).to_numpy(dtype=float).T))
    return index, *groups


def _judge(
    contacted: Group, held: Group, is_spread: np.ndarray, learning: LiftSettings
) -> tuple[np.ndarray, list[str]]:
    """Whether a row can be measured, and the reason in words."""
    fewest = np.minimum(contacted.customers, held.customers)
    everybody = contacted.customers + held.customers
    # At the rate of both groups, so that the outcome itself does not decide who is in.
    rate = (contacted.responders + held.responders) / np.maximum(everybody, 1)
    expected = rate * fewest
    is_large = fewest >= learning.minimum_lift_customers
    is_answered = expected >= learning.minimum_lift_responders
    is_measured = is_large & is_answered & is_spread
    reasons = []
    for row, is_it in enumerate(is_measured):
        groups = (
            f"{contacted.customers[row]:,.0f} contacted and {held.customers[row]:,.0f} "
            "held out"
        )
        if is_it:
            reasons.append(f"{groups} at random.")
        elif not is_large[row]:
            least = learning.minimum_lift_customers
            reasons.append(f"{groups}; {least:,} of each are needed.")
        elif is_answered[row]:
            reasons.append(f"{groups}, whose amounts do not differ.")
        else:
            least = learning.minimum_lift_responders
            reasons.append(
                f"{groups}, of whom {expected[row]:,.1f} are expected to respond in "
                f"the smaller group; {least:,} are needed."
            )
    return is_measured, reasons


def _numbers(contacted: Group, held: Group) -> dict[str, np.ndarray]:
    """Numbers of each row by name, whether there are enough customers or not."""
    counts = contacted.customers
    found = _difference(contacted, held)
    low, high = newcombe_interval(
        contacted.responders, counts, held.responders, held.customers
    )
    rate, held_rate = contacted.responders / counts, held.responders / held.customers
    total, error = found.mean * counts, found.error * counts
    reach = stdtrit(found.degrees, 1 - _TAIL) * error
    cost = contacted.cost_amount
    spent = np.where(cost > 0, cost, np.nan)
    return {
        "response_rate": rate,
        "holdout_rate": held_rate,
        "lift": rate - held_rate,
        "lift_low": low,
        "lift_high": high,
        "mean_difference_amount": found.mean,
        "incremental_amount": total,
        "standard_error": error,
        "incremental_low_amount": total - reach,
        "incremental_high_amount": total + reach,
        "cost_amount": cost,
        "roi": (total - spent) / spent,
        "roi_low": (total - reach - spent) / spent,
        "roi_high": (total + reach - spent) / spent,
        "p_value": 2 * stdtr(found.degrees, -np.abs(found.mean / found.error)),
        "is_adjusted": found.is_adjusted,
    }


def _difference(contacted: Group, held: Group) -> Difference:
    groups = (contacted, held)
    means = [group.response_amount / group.customers for group in groups]
    difference = means[0] - means[1]
    variances = _mean_variances(groups, means)
    slope, left = _covariate_slope(groups)
    is_adjusted = np.isfinite(slope)
    before = [group.covariate_amount / group.customers for group in groups]
    shift = np.where(is_adjusted, slope * (before[0] - before[1]), 0.0)
    variances = [values * np.where(is_adjusted, left, 1.0) for values in variances]
    total = variances[0] + variances[1]
    degrees = total**2 / sum(
        values**2 / (group.customers - 1)
        for values, group in zip(variances, groups, strict=True)
    )
    return Difference(difference - shift, np.sqrt(total), degrees, is_adjusted)


def _mean_variances(
    groups: tuple[Group, Group], means: list[np.ndarray]
) -> list[np.ndarray]:
    """Variance of the mean response of either group."""
    squares = groups[0].response_squares + groups[1].response_squares
    amount = groups[0].response_amount + groups[1].response_amount
    ratio = squares / amount
    variances = []
    for group, mean in zip(groups, means, strict=True):
        own = group.response_squares / group.customers
        # Where returns outweigh purchases the ratio means nothing.
        usual = np.where((mean > 0) & (amount > 0), mean * ratio, own)
        trust = group.responders / (group.responders + _SPREAD_RESPONDERS)
        moment = trust * own + (1 - trust) * usual
        variances.append(np.maximum(moment - mean**2, 0) / (group.customers - 1))
    return variances


def _covariate_slope(groups: tuple[Group, Group]) -> tuple[np.ndarray, np.ndarray]:
    """Slope of the response on the covariate, and the share of variance it leaves.

    The slope is NaN where there is no covariate, or none that varies.
    """
    of_covariate, products, of_response = (
        sum(_within(group, *names) for group in groups)
        for names in (
            ("covariate_squares", "covariate_amount", "covariate_amount"),
            ("covariate_products", "covariate_amount", "response_amount"),
            ("response_squares", "response_amount", "response_amount"),
        )
    )
    raw = groups[0].covariate_squares + groups[1].covariate_squares
    varies = (of_covariate > 1e-12 * raw) & (of_response > 0)
    slope = np.where(varies, products / of_covariate, np.nan)
    left = 1 - slope * products / of_response
    return slope, np.clip(left, 0.0, 1.0)


def _within(group: Group, products: str, first: str, second: str) -> np.ndarray:
    means = getattr(group, first) * getattr(group, second) / group.customers
    return getattr(group, products) - means


def _wilson(
    successes: np.ndarray, trials: np.ndarray, tail: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share, and Wilson's score interval."""
    z = ndtri(1 - tail)
    share = successes / trials
    centre = successes + z**2 / 2
    reach = z * np.sqrt(successes * (1 - share) + z**2 / 4)
    return share, (centre - reach) / (trials + z**2), (centre + reach) / (trials + z**2)


def _adjusted(frame: pd.DataFrame, family: list[str]) -> pd.Series:
    if not family:
        return pd.Series(adjust_p_values(frame["p_value"].to_numpy()), frame.index)
    return frame.groupby(family)["p_value"].transform(
        lambda group: adjust_p_values(group.to_numpy())
    )
