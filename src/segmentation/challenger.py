"""The challenger of the backtest: boosted trees on the rows of the scorecards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from segmentation.risk import (
    TARGETS,
    RiskSettings,
    read_examples,
    read_features,
    training_rows,
)
from segmentation.rounding import rounded_array

_COLUMN_TYPES = {
    "scored_on": "str",
    "target": "str",
    "customer_id": "str",
    "probability": "float64",
}


@dataclass(frozen=True, kw_only=True)
class ChallengerSettings(RiskSettings):
    """Settings of the challenger: at how many cut-offs it is tried."""

    challenger_cutoffs: int

    numbers: ClassVar = {**RiskSettings.numbers, "challenger_cutoffs": (int, 0, 1000)}


def predict_challenger(
    examples: pd.DataFrame, features: pd.DataFrame, settings: Mapping[str, str | None]
) -> pd.DataFrame:
    """Predict past cut-offs with boosted trees, each from what was known by then.

    Parameters
    ----------
    examples, features, settings : as ``segmentation.risk.fit_risk`` takes them;
        the transforms are checked but not needed, trees see only the order of values

    Returns
    -------
    DataFrame with scored_on (ISO text), target, customer_id and probability, sorted by
    the first three: the rows with a known label of the latest ``challenger_cutoffs``
    cut-offs whose horizon ended by as_of_date. A cut-off with too few earlier events
    has none. The order of the rows of the inputs and the number of cores do not matter.

    Raises
    ------
    ValueError
        As ``segmentation.risk.fit_risk`` does.
    """
    if examples.empty:
        return _tidy([])
    learning = ChallengerSettings.from_text(settings)
    listed = read_features(features, examples)
    known = read_examples(examples, listed, learning)
    tables = []
    # Sums in another order differ in the last bit, so threads must not share them.
    with threadpool_limits(limits=1):
        for target in TARGETS:
            closed = training_rows(
                known, target, pd.Timestamp(learning.as_of_date), learning
            )
            cutoffs = sorted(set(closed["scored_on"]), reverse=True)
            for cutoff in cutoffs[: learning.challenger_cutoffs]:
                fit = training_rows(known, target, cutoff, learning)
                scored = closed[closed["scored_on"] == cutoff]
                tables.append(
                    _predict(fit, scored, target, list(listed.index), learning)
                )
    return _tidy(tables)


def _predict(
    fit: pd.DataFrame,
    scored: pd.DataFrame,
    target: str,
    features: list[str],
    settings: ChallengerSettings,
) -> pd.DataFrame:
    labels = fit[f"{target}_label"].to_numpy()
    events = labels.sum()
    is_enough = min(events, len(labels) - events) >= settings.minimum_risk_events
    # A column without a single value cannot be binned.
    features = [feature for feature in features if fit[feature].notna().any()]
    if not is_enough or not features:
        return pd.DataFrame(columns=list(_COLUMN_TYPES))
    model = HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.08,
        max_leaf_nodes=15,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=settings.random_seed,
    ).fit(fit[features].to_numpy(), labels)
    probability = model.predict_proba(scored[features].to_numpy())[:, 1]
    return pd.DataFrame(
        {
            "scored_on": scored["scored_on"].dt.strftime("%Y-%m-%d"),
            "target": target,
            "customer_id": scored["customer_id"],
            "probability": rounded_array(np.asarray(probability)),
        }
    )


def _tidy(tables: list[pd.DataFrame]) -> pd.DataFrame:
    table = pd.concat(tables) if tables else pd.DataFrame(columns=list(_COLUMN_TYPES))
    # Typed throughout: DuckDB would read an empty object column as INTEGER.
    table = table[list(_COLUMN_TYPES)].astype(_COLUMN_TYPES)
    return table.sort_values(["scored_on", "target", "customer_id"], ignore_index=True)
