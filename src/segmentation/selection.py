"""Which features take part, and why the others do not."""

import numpy as np
import pandas as pd
from scipy.stats import rankdata

SELECTED = "selected"

_SMALLEST_DEVIATION = 1e-4
_LARGEST_COMMON_SHARE = 0.95
_SMALLEST_CATEGORY_SHARE = 0.02


def select_features(
    prepared: pd.DataFrame,
    parameters: pd.DataFrame,
    features: pd.DataFrame,
    maximum_missing_share: float,
    maximum_feature_correlation: float,
) -> pd.Series:
    """Judge every feature: missing, then near-constant, then redundant.

    Parameters
    ----------
    prepared : DataFrame (customers x features), from FeaturePreparation, no NaN
    parameters : its ``parameters_``
    features : DataFrame indexed by feature with kind and priority (1 = easiest to
        explain)
    maximum_missing_share : share of customers, 0 to 1
    maximum_feature_correlation : absolute Spearman correlation, 0 to 1

    Returns
    -------
    Series of reasons by feature, in the order of ``features``; 'selected' for those
    that take part. Of two redundant features the one with the smaller (priority,
    feature) stays.
    """
    reasons = pd.Series(SELECTED, index=features.index, dtype=object)
    for feature in features.index:
        learned = parameters.loc[feature]
        reasons[feature] = (
            _missing(learned["missing_share"], maximum_missing_share)
            or _near_constant(
                prepared[feature].to_numpy(), learned, features.loc[feature, "kind"]
            )
            or SELECTED
        )
    usable = features[reasons == SELECTED].rename_axis("feature").reset_index()
    order = usable.sort_values(["priority", "feature"])["feature"].tolist()
    reasons.update(_redundant(prepared[order], maximum_feature_correlation))
    return reasons


def _missing(share: float, maximum: float) -> str:
    if share == 1:
        return "missing for every customer"
    if share > maximum:
        return (
            f"missing for {share:.1%} of customers, at most {maximum:.1%} are accepted"
        )
    return ""


def _near_constant(column: np.ndarray, parameters: pd.Series, kind: str) -> str:
    if kind == "category":
        share = parameters["centre"]
        if _SMALLEST_CATEGORY_SHARE <= share <= 1 - _SMALLEST_CATEGORY_SHARE:
            return ""
        return f"near-constant: {share:.1%} of customers belong to it"
    deviation = column.std() * parameters["scale"]
    if deviation < _SMALLEST_DEVIATION:
        return f"near-constant: standard deviation {deviation:.6f} when prepared"
    common = np.unique(column, return_counts=True)[1].max() / column.size
    if common > _LARGEST_COMMON_SHARE:
        return f"near-constant: {common:.1%} of customers share one value"
    return ""


def _redundant(prepared: pd.DataFrame, maximum: float) -> pd.Series:
    if prepared.shape[1] < 2:
        return pd.Series(dtype=object)
    # Spearman is Pearson on average ranks, much faster than one pair at a time.
    correlation = np.corrcoef(rankdata(prepared.to_numpy(), axis=0), rowvar=False)
    kept: list[int] = []
    reasons = {}
    for index, feature in enumerate(prepared.columns):
        clash = next((k for k in kept if abs(correlation[index, k]) > maximum), None)
        if clash is None:
            kept.append(index)
        else:
            reasons[feature] = (
                f"redundant: rank correlation {correlation[index, clash]:.2f} with "
                f"{prepared.columns[clash]}, which comes first"
            )
    return pd.Series(reasons, dtype=object)
