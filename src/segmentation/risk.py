"""Early warning: a scorecard per target and date that is scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from segmentation.scorecard import (
    TRANSFORMS,
    ScorecardSettings,
    assign_folds,
    fit_scorecard,
    join_tables,
    parameter_table,
    version_of,
)

TARGETS = ("decline", "lapse", "return")

_DIRECTIONS = {"up": 1, "down": -1}


@dataclass(frozen=True, kw_only=True)
class RiskSettings(ScorecardSettings):
    """Settings of the early warning; the horizon is in days."""

    risk_horizon_days: int

    numbers: ClassVar = {
        **ScorecardSettings.numbers,
        "risk_horizon_days": (int, 1, 3660),
    }


def fit_risk(
    examples: pd.DataFrame, features: pd.DataFrame, settings: Mapping[str, str | None]
) -> pd.DataFrame:
    """Learn the scorecards of each past cut-off and of the as-of date.

    Parameters
    ----------
    examples : DataFrame with scored_on (date), customer_id, a column of untransformed
        floats per feature (NaN is missing), decline_label, lapse_label and return_label
        (1, 0, or NaN where it is not known yet or not asked). A row is known on
        scored_on, its labels are known risk_horizon_days later
    features : DataFrame with feature, transform ('none', 'log1p', 'log', 'logit') and
        lapse_direction ('up' where more of it can only mean more risk of a lapse,
        'down' where less of it, else missing)
    settings : mapping of setting to text; unknown keys are ignored

    Returns
    -------
    DataFrame with connector, as_of_date, scored_on (both ISO text), target,
    model_version, part, item, name, value_number and value_text, sorted by scored_on,
    target, part, item and name. Parts are scorecard (facts; first_cutoff and
    last_cutoff are the cut-offs it was learned from), feature (transform, centre,
    scale, weight, is_used and, of one that is not, the reason) and calibration (knots,
    isotonic only). Numbers are rounded to 9 decimals. A scorecard of ``scored_on`` is
    learned only from rows whose labels were known by then, scored_on plus
    risk_horizon_days at the latest. One that cannot be learned has a status other than
    'fitted' and a reason, and part feature only where no feature could be used. The
    order of the rows of the inputs does not matter. SQL computes for each customer

    ``logit = intercept + sum(weight * (t(value) - centre) / scale)``, missing values
    contributing 0, with ``t`` the value, ln(1 + max(x, 0)), ln(max(x, 1e-6)) or the
    logit of x clipped to [1e-6, 1 - 1e-6]; then the probability as fact ``calibration``
    says: 'platt' 1 / (1 + exp(-(platt_slope * logit + platt_intercept))), 'isotonic'
    linear between the knots and constant beyond the ends.

    Raises
    ------
    ValueError
        A setting is missing, unreadable or out of range; a feature is listed twice, is
        not a column or has an unknown transform; a customer has two rows of one date; a
        value is infinite; a label is neither 0 nor 1; a cut-off is after as_of_date.

    Notes
    -----
    On Complete Journey and CDNOW a scorecard with some eleven features ranked as well
    as boosted trees did, and better than any purchase model alone.
    """
    if examples.empty and not settings.get("as_of_date"):
        # `dbt build --empty`: without a row there is no date either.
        return join_tables([])
    learning = RiskSettings.from_text(settings)
    listed = read_features(features, examples)
    known = read_examples(examples, listed, learning)
    dates = {*known["scored_on"], pd.Timestamp(learning.as_of_date)}
    # Sums in another order differ in the last bit, so threads must not share them.
    with threadpool_limits(limits=1):
        tables = [
            _fit_target(known, listed, scored_on, target, learning)
            for scored_on in sorted(dates)
            for target in TARGETS
        ]
    return join_tables(tables)


def read_features(features: pd.DataFrame, examples: pd.DataFrame) -> pd.DataFrame:
    """Check the features: transform, direction and reason (None) by feature, sorted.

    Raises
    ------
    ValueError
        A feature is listed twice, is no column of ``examples`` or has an unknown
        transform or direction.
    """
    listed = features[["feature", "transform", "lapse_direction"]].astype("str")
    if listed["feature"].duplicated().any():
        raise ValueError("features lists a feature twice")
    unknown = sorted(set(listed["transform"]) - set(TRANSFORMS))
    if unknown or listed["transform"].isna().any():
        raise ValueError(f"transform must be one of {[*TRANSFORMS]}, got {unknown}")
    absent = sorted(set(listed["feature"]) - set(examples.columns))
    if absent:
        raise ValueError(f"examples has no column for the features {absent}")
    named = listed.pop("lapse_direction")
    listed["direction"] = named.map(_DIRECTIONS).fillna(0).astype(int)
    misread = sorted(set(named.dropna()) - set(_DIRECTIONS))
    if misread:
        raise ValueError(
            f"lapse_direction must be one of {[*_DIRECTIONS]} or missing, got {misread}"
        )
    return listed.set_index("feature").sort_index().assign(reason=None)


def read_examples(
    examples: pd.DataFrame, features: pd.DataFrame, settings: RiskSettings
) -> pd.DataFrame:
    """Check and type the examples, sorted by date and customer, with their folds.

    Parameters
    ----------
    examples : as ``fit_risk`` takes them
    features : as ``read_features`` returns them
    settings : for the as-of date and the folds

    Returns
    -------
    DataFrame with scored_on (timestamp), customer_id, fold, the features and the labels
    (floats), in this order.

    Raises
    ------
    ValueError
        As ``fit_risk`` does.
    """
    labels = [f"{target}_label" for target in TARGETS]
    numbers = [*features.index, *labels]
    known = examples[["scored_on", "customer_id", *numbers]]
    known = known.dropna(subset=["scored_on", "customer_id"])
    known = known.astype({"customer_id": "str", **dict.fromkeys(numbers, "float64")})
    known["scored_on"] = pd.to_datetime(known["scored_on"]).dt.normalize()
    if (known["scored_on"] > pd.Timestamp(settings.as_of_date)).any():
        raise ValueError(f"examples has a scored_on after {settings.as_of_date}")
    if known.duplicated(["scored_on", "customer_id"]).any():
        raise ValueError("examples holds two rows of a customer for one scored_on")
    if np.isinf(known[list(features.index)].to_numpy()).any():
        raise ValueError("a feature in examples must be finite or missing")
    if not known[labels].isin([0, 1]).where(known[labels].notna(), True).all(axis=None):
        raise ValueError("a label in examples must be 0, 1 or missing")
    known = known.sort_values(["scored_on", "customer_id"], ignore_index=True)
    folds = assign_folds(known["customer_id"], settings)
    known.insert(2, "fold", folds)
    return known


def training_rows(
    examples: pd.DataFrame, target: str, scored_on: pd.Timestamp, settings: RiskSettings
) -> pd.DataFrame:
    """Rows whose label was known on a date, in their order.

    Parameters
    ----------
    examples : as ``read_examples`` returns them
    target : one of TARGETS
    scored_on : the date; a label is known risk_horizon_days after its own cut-off
    settings : for the horizon
    """
    horizon = pd.Timedelta(days=settings.risk_horizon_days)
    is_closed = examples["scored_on"] + horizon <= scored_on
    return examples[is_closed & examples[f"{target}_label"].notna()]


def _fit_target(
    examples: pd.DataFrame,
    features: pd.DataFrame,
    scored_on: pd.Timestamp,
    target: str,
    settings: RiskSettings,
) -> pd.DataFrame:
    rows = training_rows(examples, target, scored_on, settings)
    values = rows[list(features.index)]
    labels = rows[f"{target}_label"].to_numpy()
    if target != "lapse":
        features = features.assign(direction=0)
    card = fit_scorecard(
        values,
        labels,
        rows["fold"].to_numpy(),
        rows["customer_id"].nunique(),
        features,
        settings,
    )
    cutoffs = rows["scored_on"].dt.strftime("%Y-%m-%d")
    card.facts["first_cutoff"] = None if rows.empty else cutoffs.iloc[0]
    card.facts["last_cutoff"] = None if rows.empty else cutoffs.iloc[-1]
    keys = cutoffs + " " + rows["customer_id"]
    version = version_of(keys, values, labels, features, settings)
    on = scored_on.strftime("%Y-%m-%d")
    return parameter_table(card.rows(), on, target, version, settings)
