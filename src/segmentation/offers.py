"""What goes with what customers bought: weights between items, one fit per date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from segmentation.fitting import _hash
from segmentation.rounding import rounded_array
from segmentation.settings import Limits, TextSettings

# Raised when the same histories and settings would be learned differently.
_METHOD_VERSION = "1"
# Customers' worth of doubt about each pair of items; what foretold best is taken.
PENALTIES = (60.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0)
LIST_LENGTH = 10

_HISTORY_TYPES = {"customer_id": "str", "item": "str", "is_candidate": "bool"}
_COLUMN_TYPES = {
    "connector": "str",
    "as_of_date": "str",
    "scored_on": "str",
    "model_version": "str",
    "item": "str",
    "other_item": "str",
    "weight": "float64",
    "both_count": "int64",
    "other_count": "int64",
    "customers": "int64",
    "penalty": "float64",
}


@dataclass(frozen=True, kw_only=True)
class OfferSettings(TextSettings):
    """What steers the weights; every field is a setting of the same name."""

    connector: str
    as_of_date: date
    offer_horizon_days: int
    minimum_offer_customers: int

    numbers: ClassVar[dict[str, Limits]] = {
        "offer_horizon_days": (int, 1, 36500),
        "minimum_offer_customers": (int, 2, 10**9),
    }


class _Purchases(NamedTuple):
    """When each customer first bought each item, in days before the date; NaN: never.

    Customers and items are in the order of their text.
    """

    items: list[str]
    is_candidate: np.ndarray
    age_days: np.ndarray

    def held(self, days_before: int = 0) -> np.ndarray:
        """1 where the item had been bought so many days before the date, else 0."""
        return (self.age_days > days_before).astype(float)


def fit_offer_weights(
    histories: pd.DataFrame, settings: Mapping[str, str | None]
) -> pd.DataFrame:
    """Learn, as of each date, how far items speak for each other.

    Parameters
    ----------
    histories : DataFrame with scored_on (date), customer_id, item, first_bought_on
        (date before scored_on) and is_candidate (the item may be offered on that date)
    settings : mapping of setting to text; unknown keys are ignored

    Returns
    -------
    DataFrame with a row per scored_on, item that may be offered and other item, sorted
    by them: connector, as_of_date and scored_on (ISO text), model_version, item,
    other_item, weight (rounded to 9 decimals), both_count and other_count (customers
    who bought both, and the other), customers, and penalty. The score of an item is the
    sum of its weights over the other items that a customer has bought. There are no
    rows for a date with fewer than ``minimum_offer_customers``, or with one item.
    Neither the order of the rows nor their dtype matters.

    Raises
    ------
    ValueError
        A setting is missing, unreadable or out of range, a customer has an item twice
        for a date, or bought it on the date or later.

    Notes
    -----
    A ridge regression of every item on all others, in closed form: Steck,
    'Embarrassingly Shallow Autoencoders for Sparse Data' (2019), equation 8. The
    penalty is the one of ``PENALTIES`` whose lists, learned ``offer_horizon_days``
    earlier, best foretold by NDCG what customers then bought for the first time.
    """
    if histories.empty and not settings.get("as_of_date"):
        # `dbt build --empty`: without a row there is no date either.
        return _tidy([])
    read = OfferSettings.from_text(settings)
    if histories.empty:
        return _tidy([])
    typed = histories.astype(_HISTORY_TYPES)
    for name in ("scored_on", "first_bought_on"):
        typed[name] = pd.to_datetime(histories[name])
    typed["age_days"] = (typed["scored_on"] - typed["first_bought_on"]).dt.days
    if typed.duplicated(["scored_on", "customer_id", "item"]).any():
        raise ValueError("histories lists an item twice for a customer and scored_on")
    if not (typed["age_days"] > 0).all():
        raise ValueError("first_bought_on in histories must lie before scored_on")
    # Sums in another order differ in the last bit, so threads must not share them.
    with threadpool_limits(limits=1):
        tables = [
            _fit_date(scored_on, group, read)
            for scored_on, group in typed.groupby("scored_on")
        ]
    return _tidy(tables)


def item_weights(held: np.ndarray, penalty: float) -> np.ndarray:
    """Weights between items, (items x items) with zeros on the diagonal.

    Parameters
    ----------
    held : array (customers x items) of 0 and 1
    penalty : added to the diagonal of the items' cross products, above 0

    Returns
    -------
    Element (i, j) is what having bought item i says for item j.
    """
    products = held.T @ held + penalty * np.eye(held.shape[1])
    precision = np.linalg.inv(products)
    weights = -precision / np.diag(precision)
    np.fill_diagonal(weights, 0.0)
    return weights


def list_gains(scores: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """NDCG of the best ``LIST_LENGTH`` items of each customer, 0 to 1.

    Parameters
    ----------
    scores : array (customers x items); minus infinity is never listed, ties go to the
        first item
    wanted : array (customers x items) of booleans, at least one per customer
    """
    listed = np.argsort(-scores, axis=1, kind="stable")[:, :LIST_LENGTH]
    is_listed = np.isfinite(np.take_along_axis(scores, listed, axis=1))
    is_hit = np.take_along_axis(wanted, listed, axis=1) & is_listed
    discounts = 1 / np.log2(np.arange(2, listed.shape[1] + 2))
    ideal = np.cumsum(discounts)
    most = np.minimum(wanted.sum(axis=1), len(ideal))
    return is_hit @ discounts / ideal[most - 1]


def choose_penalty(
    before: np.ndarray, after: np.ndarray, is_candidate: np.ndarray
) -> float:
    """Penalty whose lists best foretell which items are bought for the first time.

    Parameters
    ----------
    before : array (customers x items), 1 where bought by the end of the learning
    after : the same for the end of the horizon after it
    is_candidate : array (items,) of booleans; only these are listed

    Returns
    -------
    One of ``PENALTIES``; of equally good ones, or where nobody bought anything new,
    the largest.
    """
    wanted = (after > before) & is_candidate
    judged = wanted.any(axis=1)
    if not judged.any():
        return PENALTIES[-1]
    gains = {}
    for penalty in PENALTIES:
        scores = before[judged] @ item_weights(before, penalty)
        scores[:, ~is_candidate] = -np.inf
        scores[before[judged] > 0] = -np.inf
        gains[penalty] = list_gains(scores, wanted[judged]).mean()
    return max(PENALTIES, key=lambda penalty: (round(gains[penalty], 9), penalty))


def _fit_date(
    scored_on: pd.Timestamp, group: pd.DataFrame, settings: OfferSettings
) -> pd.DataFrame | None:
    purchases = _read(group)
    held = purchases.held()
    if len(held) < settings.minimum_offer_customers or len(purchases.items) < 2:
        return None
    penalty = choose_penalty(
        purchases.held(settings.offer_horizon_days), held, purchases.is_candidate
    )
    weights = rounded_array(item_weights(held, penalty))
    both = (held.T @ held).astype("int64")
    others, items = np.nonzero(
        ~np.eye(len(purchases.items), dtype=bool) & purchases.is_candidate
    )
    names = np.array(purchases.items, dtype=object)
    day = scored_on.date().isoformat()
    version = _hash(
        _METHOD_VERSION,
        day,
        repr(settings.learning_items()),
        repr(purchases.items),
        both.tobytes().hex(),
    )
    return pd.DataFrame(
        {
            "connector": settings.connector,
            "as_of_date": settings.as_of_date.isoformat(),
            "scored_on": day,
            "model_version": version,
            "item": names[items],
            "other_item": names[others],
            "weight": weights[others, items],
            "both_count": both[others, items],
            "other_count": np.diag(both)[others],
            "customers": len(held),
            "penalty": penalty,
        }
    )


def _read(group: pd.DataFrame) -> _Purchases:
    """Purchases of one date as an array."""
    ages = group.pivot(index="customer_id", columns="item", values="age_days")
    ages = ages.sort_index(axis=0).sort_index(axis=1)
    candidates = group.groupby("item")["is_candidate"].max().reindex(ages.columns)
    return _Purchases(
        items=list(ages.columns),
        is_candidate=candidates.to_numpy(dtype=bool),
        # NaN is larger than nothing, so who never bought an item does not hold it.
        age_days=ages.to_numpy(dtype=float),
    )


def _tidy(tables: list[pd.DataFrame | None]) -> pd.DataFrame:
    found = [table for table in tables if table is not None]
    empty = pd.DataFrame(columns=list(_COLUMN_TYPES))
    # Typed throughout: DuckDB would read an empty object column as INTEGER.
    table = pd.concat(found or [empty], ignore_index=True).astype(_COLUMN_TYPES)
    return table.sort_values(["scored_on", "item", "other_item"], ignore_index=True)
