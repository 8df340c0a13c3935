"""One scorecard: a regularised logistic regression that SQL can score and explain."""

import hashlib
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, Self

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from segmentation.calibration import Calibration, fit_calibration
from segmentation.rounding import rounded, rounded_array
from segmentation.settings import Limits, TextSettings

FITTED = "fitted"
TOO_FEW_EVENTS = "too_few_events"
TOO_FEW_CUSTOMERS = "too_few_customers"
NO_FEATURES = "no_features"

# Raised when the same rows and settings would be learned differently.
_METHOD_VERSION = "2"
_HASH_LENGTH = 12
_SMALLEST_RATIO = 1e-6
# From strong to weak, as scikit-learn's C: one over the penalty on squared weights.
_REGULARISATIONS = (0.001, 0.01, 0.1, 1.0)
_LOSS_DECIMALS = 6
_TOLERANCE = 1e-10
_MOST_ITERATIONS = 200
_MOST_EXCHANGES = 100
_GAIN_TOLERANCE = 1e-9

_COLUMN_TYPES = {
    "connector": "str",
    "as_of_date": "str",
    "scored_on": "str",
    "target": "str",
    "model_version": "str",
    "part": "str",
    "item": "str",
    "name": "str",
    "value_number": "float64",
    "value_text": "str",
}
_SORT_KEYS = ["scored_on", "target", "part", "item", "name"]


def _log1p(values: np.ndarray) -> np.ndarray:
    # log(1 + x) rather than log1p: engines have no log1p and must agree with us.
    return np.log(1 + np.maximum(values, 0))


def _log(values: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(values, _SMALLEST_RATIO))


def _logit(values: np.ndarray) -> np.ndarray:
    shares = np.clip(values, _SMALLEST_RATIO, 1 - _SMALLEST_RATIO)
    return np.log(shares / (1 - shares))


TRANSFORMS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": lambda values: values,
    "log1p": _log1p,
    "log": _log,
    "logit": _logit,
}


@dataclass(frozen=True, kw_only=True)
class ScorecardSettings(TextSettings):
    """What steers the fit of a scorecard; every field is a setting of the same name."""

    connector: str
    as_of_date: date
    minimum_risk_events: int
    isotonic_minimum_events: int
    risk_folds: int
    random_seed: int

    numbers: ClassVar[dict[str, Limits]] = {
        "minimum_risk_events": (int, 2, 10**9),
        "isotonic_minimum_events": (int, 2, 10**9),
        "risk_folds": (int, 2, 100),
        "random_seed": (int, 0, 2**32 - 1),
    }


class Row(NamedTuple):
    """One learned number or text; ``part`` and ``item`` say what it belongs to."""

    part: str
    item: str
    name: str
    value_number: float | None
    value_text: str | None


class Scorecard(NamedTuple):
    """What was learned, or why nothing was.

    ``facts`` by name; ``features`` indexed by feature with transform, centre, scale,
    weight and reason (None where it is used); ``folds`` and ``out_of_fold``, the
    calibrated probability, for every row of the fit, empty where there was none.
    """

    facts: dict[str, str | float | None]
    features: pd.DataFrame
    calibration: Calibration | None
    folds: np.ndarray
    out_of_fold: np.ndarray

    @property
    def is_fitted(self) -> bool:
        """Whether there is anything to score with."""
        return self.facts["status"] == FITTED

    def rows(self) -> list[Row]:
        """Rows of the parts scorecard, feature and calibration, unsorted."""
        rows = named_rows("scorecard", "", self.facts)
        for feature, learned in self.features.iterrows():
            facts = {**learned.to_dict(), "is_used": float(learned["reason"] is None)}
            rows += named_rows("feature", str(feature), facts)
        knots = self.calibration.knots if self.calibration else []
        for position, (logit, probability) in enumerate(knots, start=1):
            facts = {"logit": logit, "probability": probability}
            rows += named_rows("calibration", f"{position:02d}", facts)
        return rows


class Scores(NamedTuple):
    """Logit and probability of each customer, and the contribution of each feature."""

    logit: pd.Series
    probability: pd.Series
    contributions: pd.DataFrame


def fit_scorecard(
    values: pd.DataFrame,
    labels: np.ndarray,
    folds: np.ndarray,
    customers: int,
    features: pd.DataFrame,
    settings: ScorecardSettings,
) -> Scorecard:
    """Learn weights and calibration from rows in a fixed order.

    Parameters
    ----------
    values : DataFrame (rows x features) of floats, untransformed; NaN is missing
    labels : array (rows,) of 0 and 1
    folds : array (rows,) from ``assign_folds``; all rows of a customer share one
    customers : number of customers among the rows
    features : DataFrame indexed by feature, in a fixed order, with transform, direction
        (1 where only more of it can mean more risk, -1 where only less, 0 where either)
        and reason, a text where the feature must not be used, else None
    settings : how many events are needed, and for which calibration

    Returns
    -------
    Scorecard whose numbers are rounded to 9 decimals. Of a feature's transformed value
    t, ``weight * (t - centre) / scale`` is its contribution, 0 where it is missing; the
    logit is the intercept plus the contributions.

    Notes
    -----
    Logistic regression with a penalty on squared weights (scikit-learn) and weights
    whose sign is that of the direction: where few have left, chance alone would turn
    some around, and the list with them. The penalty is
    the one with the lowest log loss over customers that were not in the fit, the
    stronger of two that tie at six decimals. The calibration is learned from those
    out-of-fold logits. Centre and scale are those of all rows: they know no label.
    """
    events = int(labels.sum())
    facts = _facts(len(labels), events, customers)
    prepared, learned = _prepare(values, features)
    points = prepared.to_numpy(dtype=float)
    status, reason = _obstacle(labels, folds, points.shape[1], settings)
    if status:
        facts |= {"status": status, "reason": reason}
        # Why each was left out is the answer where none is left.
        told = learned if status == NO_FEATURES else learned.iloc[:0]
        return Scorecard(facts, told, None, folds[:0], np.empty(0))
    directions = features.loc[prepared.columns, "direction"].to_numpy(dtype=int)
    regularisation, logits = _cross_validate(points, labels, folds, directions)
    weights, intercept = fit_weights(points, labels, regularisation, directions)
    learned.loc[prepared.columns, "weight"] = rounded_array(weights)
    calibration = fit_calibration(logits, labels, settings.isotonic_minimum_events)
    auc = roc_auc_score(labels, logits)
    facts |= {
        "status": FITTED,
        "reason": f"learned from {len(labels):,} rows of {customers:,} customers with "
        f"{events:,} events; customers left out of the fit are ranked with an AUC "
        f"of {auc:.3f}",
        "intercept": rounded(intercept),
        "regularisation": regularisation,
        "calibration": calibration.kind,
        "platt_slope": calibration.slope,
        "platt_intercept": calibration.intercept,
        "out_of_fold_auc": rounded(auc),
    }
    return Scorecard(
        facts, learned, calibration, folds, calibration.probabilities(logits)
    )


def fit_weights(
    points: np.ndarray,
    labels: np.ndarray,
    regularisation: float,
    directions: np.ndarray,
) -> tuple[np.ndarray, float]:
    """Weights of a logistic regression, none against its direction, and the intercept.

    Parameters
    ----------
    points : array (rows, features) of standardised values
    labels : array (rows,) of 0 and 1, both among them
    regularisation : one over the penalty on squared weights, scikit-learn's C
    directions : array (features,) of -1, 0 and 1

    Notes
    -----
    An active-set method, as Lawson and Hanson (1974) have it for least squares: what
    turns against its direction is held at 0, and let go where the likelihood would
    rise. The optimum is the only one, because the penalised likelihood is concave.
    """
    is_free = np.ones(len(directions), dtype=bool)
    for _ in range(_MOST_EXCHANGES):
        weights, intercept = _fit_free(points, labels, regularisation, is_free)
        is_against = weights * directions < 0
        if is_against.any():
            is_free &= ~is_against
            continue
        chances = expit(points @ weights + intercept)
        gains = np.where(is_free, 0, points.T @ (labels - chances) * directions)
        if gains.max(initial=0) <= _GAIN_TOLERANCE * len(labels):
            break
        is_free[gains.argmax()] = True
    return weights * is_free, intercept


def assign_folds(
    customer_ids: Iterable[str], settings: ScorecardSettings
) -> np.ndarray:
    """Fold of each customer (customers,), from 0 on, by md5 of seed and customer.

    The seed is hashed, too: the sample may have been drawn by md5 of the customer.
    """
    fold_of = {
        customer_id: int(_md5(f"{settings.random_seed}:{customer_id}"), 16)
        % settings.risk_folds
        for customer_id in set(customer_ids)
    }
    return np.array([fold_of[customer_id] for customer_id in customer_ids], dtype=int)


def score(parameters: pd.DataFrame, raw_features: pd.DataFrame) -> Scores:
    """Score customers by the formula that SQL repeats.

    Parameters
    ----------
    parameters : DataFrame with part, item, name, value_number and value_text, the rows
        of one fitted scorecard
    raw_features : DataFrame (customers x features) of floats, untransformed; NaN is
        missing and contributes nothing

    Returns
    -------
    Scores, indexed like ``raw_features``; contributions of the used features only.

    Raises
    ------
    ValueError
        The rows are not those of one fitted scorecard.
    KeyError
        A used feature is not a column of ``raw_features``.
    """
    facts = parameters[parameters["part"] == "scorecard"].set_index("name")
    if not facts.index.is_unique or facts["value_text"].get("status") != FITTED:
        raise ValueError("parameters must be the rows of one fitted scorecard")
    numbers = facts["value_number"]
    contributions = _contributions(parameters, raw_features)
    logit = numbers["intercept"] + contributions.sum(axis=1)
    calibration = Calibration(
        facts["value_text"]["calibration"],
        numbers["platt_slope"],
        numbers["platt_intercept"],
        _wide(parameters, "calibration", "value_number")
        .reindex(columns=["logit", "probability"])
        .to_numpy(dtype=float),
    )
    probability = calibration.probabilities(logit.to_numpy(dtype=float))
    return Scores(logit, pd.Series(probability, index=logit.index), contributions)


def named_rows(
    part: str, item: str, facts: Mapping[str, str | float | None]
) -> list[Row]:
    """Rows of one item: text as text, numbers rounded to 9 decimals, None as null."""
    return [
        Row(part, item, name, None, value)
        if isinstance(value, str)
        else Row(part, item, name, None if value is None else rounded(value), None)
        for name, value in facts.items()
    ]


def parameter_table(
    rows: list[Row],
    scored_on: str,
    target: str,
    model_version: str,
    settings: ScorecardSettings,
) -> pd.DataFrame:
    """Rows of one scorecard with their keys, as ``join_tables`` takes them."""
    return pd.DataFrame(rows, columns=list(Row._fields)).assign(
        connector=settings.connector,
        as_of_date=settings.as_of_date.isoformat(),
        scored_on=scored_on,
        target=target,
        model_version=model_version,
    )


def join_tables(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """One sorted frame of the parameters of all scorecards, typed also when empty."""
    table = pd.concat(tables) if tables else pd.DataFrame(columns=list(_COLUMN_TYPES))
    # Typed throughout: DuckDB would read an empty object column as INTEGER.
    table = table[list(_COLUMN_TYPES)].astype(_COLUMN_TYPES)
    return table.sort_values(_SORT_KEYS, ignore_index=True)


def version_of(
    keys: Iterable[str],
    values: pd.DataFrame,
    labels: np.ndarray,
    features: pd.DataFrame,
    settings: ScorecardSettings,
) -> str:
    """12 hexadecimal digits of md5 over settings, features and the rows of the fit.

    Parameters
    ----------
    keys : what identifies each row, in its order
    values : DataFrame (rows x features), untransformed
    labels : array (rows,)
    features : DataFrame indexed by feature with transform, direction and reason
    settings : their ``learning_items`` count
    """
    described = (
        features[["transform", "direction", "reason"]].reset_index().to_numpy().tolist()
    )
    texts = [_METHOD_VERSION, settings.learning_items(), described, list(keys)]
    digest = hashlib.md5(repr(texts).encode(), usedforsecurity=False)
    # Rounded, or another machine's last bit would be another version.
    digest.update(rounded_array(values.to_numpy(dtype=float)).tobytes())
    digest.update(labels.astype(float).tobytes())
    return digest.hexdigest()[:_HASH_LENGTH]


def _facts(rows: int, events: int, customers: int) -> dict[str, str | float | None]:
    return {
        "status": None,
        "reason": None,
        "intercept": None,
        "rows": rows,
        "events": events,
        "base_rate": events / rows if rows else None,
        "customers": customers,
        "regularisation": None,
        "calibration": None,
        "platt_slope": None,
        "platt_intercept": None,
        "out_of_fold_auc": None,
    }


def _prepare(
    values: pd.DataFrame, features: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Standardised columns of the features that can be used, and how all are made."""
    columns, learned = {}, {}
    for feature, transform, reason in zip(
        features.index, features["transform"], features["reason"], strict=True
    ):
        raw = values[feature].to_numpy(dtype=float)
        transformed = TRANSFORMS[transform](raw)
        is_known = ~np.isnan(transformed)
        known = transformed[is_known]
        centre = rounded(known.mean()) if known.size else 0.0
        filled = np.where(is_known, transformed, centre)
        is_constant = not known.size or known.min() == known.max()
        scale = 0.0 if is_constant else rounded(filled.std())
        if reason is None and not known.size:
            reason = f"missing in all {len(raw):,} rows"
        elif reason is None and scale == 0:
            reason = f"the same in all {known.size:,} rows that have it"
        learned[feature] = (transform, centre, scale or 1.0, 0.0, reason)
        if reason is None:
            columns[feature] = (filled - centre) / scale
    names = ["transform", "centre", "scale", "weight", "reason"]
    table = pd.DataFrame.from_dict(learned, orient="index", columns=names)
    # Objects, because None must not become NaN where some reason is given.
    table["reason"] = pd.Series(
        [row[-1] for row in learned.values()], index=table.index, dtype=object
    )
    return pd.DataFrame(columns, index=values.index, dtype=float), table


def _obstacle(
    labels: np.ndarray, folds: np.ndarray, columns: int, settings: ScorecardSettings
) -> tuple[str | None, str | None]:
    """Why nothing can be learned, as status and reason, or None twice."""
    events = int(labels.sum())
    others = len(labels) - events
    needed = settings.minimum_risk_events
    if min(events, others) < needed:
        return TOO_FEW_EVENTS, (
            f"{events:,} rows with the event and {others:,} without it are known, "
            f"{needed:,} of each are needed: wait for more history to close, or lower "
            "`minimum_risk_events`"
        )
    if columns == 0:
        return NO_FEATURES, (
            f"no feature varies over the {len(labels):,} rows: provide one that does"
        )
    # A row outside a fold is in the fit that scores it.
    for fold in np.unique(folds):
        if np.unique(labels[folds != fold]).size < 2:
            return TOO_FEW_CUSTOMERS, (
                f"the {events:,} rows with the event or the {others:,} without it "
                f"belong to too few customers to be divided into {settings.risk_folds} "
                "parts: learn from more customers"
            )
    return None, None


def _cross_validate(
    points: np.ndarray, labels: np.ndarray, folds: np.ndarray, directions: np.ndarray
) -> tuple[float, np.ndarray]:
    """The regularisation with the lowest log loss, and its out-of-fold logits."""
    logits = np.empty((len(_REGULARISATIONS), len(labels)))
    for fold in np.unique(folds):
        is_held = folds == fold
        rest, known = points[~is_held], labels[~is_held]
        for position, regularisation in enumerate(_REGULARISATIONS):
            weights, intercept = fit_weights(rest, known, regularisation, directions)
            logits[position, is_held] = points[is_held] @ weights + intercept
    losses = (np.logaddexp(0, logits) - labels * logits).mean(axis=1)
    best = int(np.round(losses, _LOSS_DECIMALS).argmin())
    return _REGULARISATIONS[best], logits[best]


class _Logistic(LogisticRegression):
    """Newton's method to the last digits, silent where these are out of reach."""

    def fit(self, points: np.ndarray, labels: np.ndarray) -> Self:
        """Fit as LogisticRegression does."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return super().fit(points, labels)


def _fit_free(
    points: np.ndarray, labels: np.ndarray, regularisation: float, is_free: np.ndarray
) -> tuple[np.ndarray, float]:
    """Weights, 0 where they are held there, and the intercept."""
    weights = np.zeros(len(is_free))
    if not is_free.any():
        return weights, float(np.log(labels.sum() / (1 - labels).sum()))
    model = _Logistic(
        C=regularisation,
        solver="newton-cholesky",
        tol=_TOLERANCE,
        max_iter=_MOST_ITERATIONS,
    ).fit(points[:, is_free], labels)
    weights[is_free] = model.coef_[0]
    return weights, float(model.intercept_[0])


def _contributions(
    parameters: pd.DataFrame, raw_features: pd.DataFrame
) -> pd.DataFrame:
    numbers = _wide(parameters, "feature", "value_number")
    texts = _wide(parameters, "feature", "value_text")
    columns = {}
    for feature, learned in numbers[numbers["is_used"] == 1].iterrows():
        transform = TRANSFORMS[texts.loc[feature, "transform"]]
        value = transform(raw_features[feature].to_numpy(dtype=float))
        steps = (value - learned["centre"]) / learned["scale"]
        columns[feature] = learned["weight"] * np.where(np.isnan(value), 0.0, steps)
    return pd.DataFrame(columns, index=raw_features.index, dtype=float)


def _wide(parameters: pd.DataFrame, part: str, column: str) -> pd.DataFrame:
    rows = parameters[parameters["part"] == part]
    return rows.pivot(index="item", columns="name", values=column).sort_index()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
