"""The input frames, checked and typed so that their order and dtype do not matter."""

import numpy as np
import pandas as pd

_CANDIDATE_TYPES = {
    "segmentation": "str",
    "feature": "str",
    "family": "str",
    "kind": "str",
    "family_weight": "float64",
    "priority": "float64",
}


def read_candidates(candidates: pd.DataFrame) -> pd.DataFrame:
    """Check and type the candidate features, sorted by segmentation and feature.

    Raises
    ------
    ValueError
        A column but the phrases lacks a value, a feature is listed twice, a kind is
        unknown or a family weight is not positive and finite.
    """
    features = candidates.astype(_CANDIDATE_TYPES)
    if features[[*_CANDIDATE_TYPES]].isna().any(axis=None):
        raise ValueError(f"candidates needs a value for each of {[*_CANDIDATE_TYPES]}")
    if features.duplicated(["segmentation", "feature"]).any():
        raise ValueError("candidates lists a feature of a segmentation twice")
    if not features["kind"].isin(["number", "category"]).all():
        raise ValueError("kind in candidates must be 'number' or 'category'")
    if not features["family_weight"].between(0, np.inf, inclusive="neither").all():
        raise ValueError("family_weight in candidates must be positive and finite")
    return features.sort_values(["segmentation", "feature"])


def read_populations(populations: pd.DataFrame) -> dict[str, list[str]]:
    """Customers of each segmentation as sorted text, each once."""
    members = populations[["segmentation", "customer_id"]].dropna().astype("str")
    return {
        str(segmentation): sorted(set(group))
        for segmentation, group in members.groupby("segmentation")["customer_id"]
    }


def read_values(feature_values: pd.DataFrame, features: pd.Series) -> pd.DataFrame:
    """Wide frame (customers x features) of floats in the unit of each feature.

    Parameters
    ----------
    feature_values : DataFrame with customer_id, feature and value; NaN is missing
    features : the features wanted; others are left out

    Raises
    ------
    ValueError
        A value is infinite, or a customer has two values of one feature.
    """
    wanted = feature_values["feature"].isin(set(features))
    known = feature_values[wanted].dropna(subset=["customer_id", "value"])
    known = known.astype({"customer_id": "str", "feature": "str", "value": "float64"})
    if np.isinf(known["value"].to_numpy()).any():
        raise ValueError("value in feature_values must be finite or missing")
    try:
        return known.pivot(index="customer_id", columns="feature", values="value")
    except ValueError as error:
        raise ValueError(
            "feature_values holds two values of one feature for a customer"
        ) from error
