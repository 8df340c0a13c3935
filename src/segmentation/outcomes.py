"""Outcomes that a business records, such as churned: one scorecard each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy.stats import skew
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from segmentation.inputs import read_values
from segmentation.rounding import rounded
from segmentation.scorecard import (
    Row,
    ScorecardSettings,
    assign_folds,
    fit_scorecard,
    join_tables,
    parameter_table,
    version_of,
)

# A group gives the outcome away when nearly all of it has it, and chance would not
# have left so few without it.
_PURE_CUSTOMERS = 30
_PURE_SHARE = 0.99
_EXPECTED_BY_CHANCE = 10
_BINS = 20
_LEVEL_SEPARATOR = ": "


@dataclass(frozen=True, kw_only=True)
class OutcomeSettings(ScorecardSettings):
    """Settings of the outcomes; leakage_auc is an area under the curve."""

    leakage_auc: float
    skewness_limit: float

    numbers: ClassVar = {
        **ScorecardSettings.numbers,
        "leakage_auc": (float, 0.5, 1),
        "skewness_limit": (float, 0, 10**6),
    }


def fit_outcomes(
    outcomes: pd.DataFrame,
    feature_values: pd.DataFrame,
    feature_kinds: pd.DataFrame,
    settings: Mapping[str, str | None],
) -> pd.DataFrame:
    """Learn a scorecard of each recorded outcome from customers for whom it is known.

    Parameters
    ----------
    outcomes : DataFrame with customer_id, outcome and value (whether it came about;
        missing is unknown)
    feature_values : DataFrame with customer_id, feature and value, observed before the
        outcome; a missing row or NaN is missing
    feature_kinds : DataFrame with feature, kind ('number', or 'category' with values 0
        and 1, named 'attribute: level') and family
    settings : mapping of setting to text; unknown keys are ignored

    Returns
    -------
    DataFrame as ``segmentation.risk.fit_risk`` returns it: target is the outcome,
    scored_on the as_of_date; transform is 'log1p' for numbers that are never negative
    and whose skewness exceeds skewness_limit in size, else 'none'. Part out_of_fold
    has the calibrated probability of each customer of the fit (item), from a fit
    without that customer's fold, and the fold: whoever was learned from is to be
    scored with it. A feature that would give the outcome away has weight 0,
    ``is_used`` 0 and a ``reason``. The order of the rows of the inputs does not matter.

    Raises
    ------
    ValueError
        A setting is missing, unreadable or out of range; a customer has an outcome
        twice or two values of one feature; a feature is listed twice; a kind is
        unknown; a value is infinite; a category is neither 0 nor 1.

    Notes
    -----
    A feature gives the outcome away when, alone and over customers that its bins were
    not learned from, it ranks them with an AUC of at least ``leakage_auc``, as does
    whether it is known; or when 99 % of at least 30 customers with a level, or with any
    value, have the outcome though chance would leave ten or more without it. With one
    level all levels of its attribute go: the others would say the same.
    """
    if outcomes.empty and not settings.get("as_of_date"):
        # `dbt build --empty`: without a row there is no date either.
        return join_tables([])
    learning = OutcomeSettings.from_text(settings)
    kinds = _read_kinds(feature_kinds)
    known = _read_outcomes(outcomes)
    values = read_values(feature_values, kinds.index.to_series())
    values = values.reindex(columns=kinds.index)
    categories = values.loc[:, (kinds["kind"] == "category").to_numpy()]
    if not (categories.isin([0, 1]) | categories.isna()).all(axis=None):
        raise ValueError("a category in feature_values must be 0, 1 or missing")
    # Sums in another order differ in the last bit, so threads must not share them.
    with threadpool_limits(limits=1):
        tables = [
            _fit_outcome(
                str(outcome),
                values.reindex(index=rows["customer_id"]),
                rows["value"].to_numpy(),
                kinds,
                learning,
            )
            for outcome, rows in known.groupby("outcome")
        ]
    return join_tables(tables)


def leakage_reasons(
    values: pd.DataFrame,
    labels: np.ndarray,
    folds: np.ndarray,
    kinds: pd.DataFrame,
    leakage_auc: float,
) -> pd.Series:
    """Why each feature would give the outcome away.

    Parameters
    ----------
    values : DataFrame (customers x features) of floats; NaN is missing
    labels : array (customers,) of 0 and 1, both of them present
    folds : array (customers,) of whole numbers from 0 on
    kinds : DataFrame indexed by feature with kind and family
    leakage_auc : area under the curve from which on a feature knows too much

    Returns
    -------
    Series of text by feature, None where it may be used.
    """
    reasons = {
        feature: _leak(values[feature].to_numpy(), labels, folds, kind, leakage_auc)
        for feature, kind in kinds["kind"].items()
    }
    attributes = {feature: _attribute(feature, kinds) for feature in reasons}
    leaking = {
        attributes[feature]: feature
        for feature, reason in reasons.items()
        if reason is not None and attributes[feature] is not None
    }
    for feature, attribute in attributes.items():
        level = leaking.get(attribute)
        if reasons[feature] is None and level is not None:
            reasons[feature] = (
                f"a level of the same attribute as '{level}', which gives the outcome "
                "away: without it the others would say the same"
            )
    return pd.Series(reasons, index=kinds.index, dtype=object)


def _read_kinds(feature_kinds: pd.DataFrame) -> pd.DataFrame:
    kinds = feature_kinds[["feature", "kind", "family"]].astype("str")
    if kinds["feature"].duplicated().any():
        raise ValueError("feature_kinds lists a feature twice")
    if not kinds["kind"].isin(["number", "category"]).all():
        raise ValueError("kind in feature_kinds must be 'number' or 'category'")
    return kinds.set_index("feature").sort_index()


def _read_outcomes(outcomes: pd.DataFrame) -> pd.DataFrame:
    known = outcomes[["outcome", "customer_id", "value"]].dropna()
    # By way of bool, because a nullable boolean does not become a float.
    known = known.astype({"outcome": "str", "customer_id": "str", "value": "bool"})
    if known.duplicated(["outcome", "customer_id"]).any():
        raise ValueError("outcomes holds an outcome of a customer twice")
    known = known.sort_values(["outcome", "customer_id"], ignore_index=True)
    return known.astype({"value": "float64"})


def _fit_outcome(
    outcome: str,
    values: pd.DataFrame,
    labels: np.ndarray,
    kinds: pd.DataFrame,
    settings: OutcomeSettings,
) -> pd.DataFrame:
    folds = assign_folds(values.index, settings)
    reasons = pd.Series(None, index=kinds.index, dtype=object)
    if min(labels.sum(), len(labels) - labels.sum()) >= settings.minimum_risk_events:
        reasons = leakage_reasons(values, labels, folds, kinds, settings.leakage_auc)
    features = pd.DataFrame(
        {
            "transform": [
                _transform(values[feature].to_numpy(), kind, settings.skewness_limit)
                for feature, kind in kinds["kind"].items()
            ],
            "direction": 0,
            "reason": reasons,
        },
        index=kinds.index,
    )
    card = fit_scorecard(values, labels, folds, len(values), features, settings)
    rows = card.rows()
    for customer_id, fold, probability in zip(
        values.index, card.folds, card.out_of_fold, strict=card.is_fitted
    ):
        rows += [
            Row("out_of_fold", customer_id, "fold", float(fold), None),
            Row("out_of_fold", customer_id, "probability", rounded(probability), None),
        ]
    version = version_of(values.index, values, labels, features, settings)
    on = settings.as_of_date.isoformat()
    return parameter_table(rows, on, outcome, version, settings)


def _transform(values: np.ndarray, kind: str, skewness_limit: float) -> str:
    known = values[~np.isnan(values)]
    if kind == "category" or not known.size or known.min() < 0:
        return "none"
    if known.min() == known.max():
        return "none"
    # Rounded, or the last bit would decide for a column of two values.
    return "log1p" if abs(rounded(skew(known))) > skewness_limit else "none"


def _leak(
    values: np.ndarray, labels: np.ndarray, folds: np.ndarray, kind: str, limit: float
) -> str | None:
    is_known = ~np.isnan(values)
    if not is_known.any():
        return None
    if _knowing_is_telling(is_known, labels, limit):
        with_it, without = (is_known[labels == label].mean() for label in (1, 0))
        return (
            f"known for {with_it:.1%} of the customers with the outcome and for "
            f"{without:.1%} of those without it: whether it is known gives the outcome "
            "away"
        )
    for level in (1, 0) if kind == "category" else ():
        members = labels[values == level]
        if _is_pure(members, labels):
            return (
                f"{members.mean():.1%} of the {len(members):,} customers for whom it "
                f"is {level} have the outcome: it gives the outcome away"
            )
    auc = _single_auc(values, labels, folds, kind)
    if auc >= limit:
        return (
            f"alone it ranks the outcome with an AUC of {auc:.3f}, at least "
            f"{limit:g}: it gives the outcome away"
        )
    return None


def _knowing_is_telling(is_known: np.ndarray, labels: np.ndarray, limit: float) -> bool:
    if is_known.all():
        return False
    auc = roc_auc_score(labels, is_known)
    known, unknown = labels[is_known], labels[~is_known]
    # Nobody with the outcome, though chance alone would have left ten or more.
    is_only_without = (
        known.sum() == 0 and len(known) * labels.mean() >= _EXPECTED_BY_CHANCE
    )
    is_pure = _is_pure(known, labels) or _is_pure(unknown, labels)
    return max(auc, 1 - auc) >= limit or is_pure or is_only_without


def _is_pure(members: np.ndarray, labels: np.ndarray) -> bool:
    """Whether nearly all of a group have the outcome, more than chance explains."""
    if len(members) < _PURE_CUSTOMERS or members.mean() < _PURE_SHARE:
        return False
    without = len(members) - members.sum()
    expected = len(members) * (1 - labels.mean())
    return expected >= _EXPECTED_BY_CHANCE * max(1, without)


def _single_auc(
    values: np.ndarray, labels: np.ndarray, folds: np.ndarray, kind: str
) -> float:
    """AUC of the values themselves where known, or of their bins, whichever is higher.

    Of the values only the direction is learned; the share of events of a bin is that
    of the other folds.
    """
    is_known = ~np.isnan(values)
    known, events = values[is_known], labels[is_known]
    auc = 0.5
    if min(events.sum(), len(events) - events.sum()) >= _EXPECTED_BY_CHANCE:
        auc = roc_auc_score(events, known)
    binned = 0.5
    if kind == "number":
        binned = roc_auc_score(labels, _bin_shares(values, labels, folds))
    return max(auc, 1 - auc, binned)


def _bin_shares(
    values: np.ndarray, labels: np.ndarray, folds: np.ndarray
) -> np.ndarray:
    """Share of events in the bin of each customer, over customers of other folds."""
    is_known = ~np.isnan(values)
    cuts = np.unique(np.quantile(values[is_known], np.arange(1, _BINS) / _BINS))
    bins = np.where(is_known, np.searchsorted(cuts, values), len(cuts) + 1)
    shape = (int(folds.max()) + 1, len(cuts) + 2)
    cells = np.ravel_multi_index((folds, bins), shape)
    rows = np.bincount(cells, minlength=np.prod(shape)).reshape(shape)
    events = np.bincount(cells, labels, minlength=np.prod(shape)).reshape(shape)
    # One customer at the mean keeps empty bins defined.
    shares = (events.sum(axis=0) - events + labels.mean()) / (
        rows.sum(axis=0) - rows + 1
    )
    return shares[folds, bins]


def _attribute(feature: str, kinds: pd.DataFrame) -> tuple[str, str] | None:
    """Family and attribute of a level, None of what is no level."""
    attribute, separator, _ = feature.partition(_LEVEL_SEPARATOR)
    if kinds.loc[feature, "kind"] != "category" or not separator:
        return None
    return kinds.loc[feature, "family"], attribute
