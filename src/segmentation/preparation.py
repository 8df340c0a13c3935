"""From raw feature values to columns that K-Means can compare."""

from collections.abc import Mapping
from typing import NamedTuple, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from segmentation.rounding import rounded

_CLIP_QUANTILES = (0.01, 0.99)


class ColumnParameters(NamedTuple):
    """How one feature is prepared; units as FeaturePreparation says."""

    transform: str
    missing_share: float
    impute_value: float
    clip_low: float
    clip_high: float
    centre: float
    scale: float


class FeaturePreparation(TransformerMixin, BaseEstimator):
    """Impute, winsorise, unskew and standardise, with numbers that SQL can repeat.

    ``prepared = (t(clip(coalesce(value, impute_value), clip_low, clip_high)) - centre)
    / scale`` where ``t`` is the identity or ``sign(x) * ln(1 + |x|)``.

    Numbers: median and the 1 and 99 % quantiles of the known values; the logarithm
    where the skewness exceeds the limit and the logarithm lowers it; then mean 0 and
    population standard deviation 1. Categories (0/1): the share of ones among the known
    values is both imputed and subtracted, so a missing value contributes nothing.

    Parameters
    ----------
    kinds : mapping of feature to 'number' or 'category'
    skewness_limit : absolute skewness, without unit, above which the logarithm is tried

    Attributes
    ----------
    parameters_ : DataFrame indexed by feature with transform, missing_share,
        impute_value, clip_low and clip_high (both in units of the value), centre and
        scale (both in units of the transformed value), rounded to 9 decimals. The
        rounded numbers are the ones ``transform`` uses.

    Notes
    -----
    A logarithm, winsorising and standardising explained next-period spend as well as
    Yeo-Johnson did, never made a segment of a handful of outliers, and is plain SQL.
    """

    def __init__(self, kinds: Mapping[str, str], skewness_limit: float = 1.0) -> None:
        self.kinds = kinds
        self.skewness_limit = skewness_limit

    def fit(self, values: pd.DataFrame, y: None = None) -> Self:
        """Learn the parameters of every feature in ``kinds``.

        Parameters
        ----------
        values : DataFrame (customers x features) of floats; NaN is missing
        y : ignored, for scikit-learn's sake

        Raises
        ------
        KeyError
            A feature of ``kinds`` is not a column of ``values``.
        ValueError
            A kind is neither 'number' nor 'category', or a category neither 0 nor 1.
        """
        learned = {
            feature: self._learn(values[feature].to_numpy(dtype=float), kind)
            for feature, kind in self.kinds.items()
        }
        self.parameters_ = pd.DataFrame.from_dict(
            learned, orient="index", columns=list(ColumnParameters._fields)
        )
        return self

    def transform(self, values: pd.DataFrame) -> pd.DataFrame:
        """Return (customers x features of ``kinds``), in standard deviations.

        Categories are in differences of shares. Raises NotFittedError before ``fit``
        and KeyError where a feature is not a column.
        """
        check_is_fitted(self)
        columns = {
            feature: prepare_column(values[feature].to_numpy(dtype=float), column)
            for feature, column in zip(
                self.parameters_.index,
                self.parameters_.itertuples(index=False),
                strict=True,
            )
        }
        return pd.DataFrame(columns, index=values.index, dtype=float)

    def _learn(self, values: np.ndarray, kind: str) -> ColumnParameters:
        known = values[~np.isnan(values)]
        missing_share = rounded(1 - known.size / values.size) if values.size else 1.0
        if kind == "category":
            if not np.isin(known, (0, 1)).all():
                raise ValueError("a category must be 0, 1 or missing")
            share = rounded(known.mean()) if known.size else 0.0
            return ColumnParameters(
                "identity", missing_share, share, 0.0, 1.0, share, 1.0
            )
        if kind != "number":
            raise ValueError(f"kind must be 'number' or 'category', got '{kind}'")
        if not known.size:
            return ColumnParameters("identity", missing_share, 0.0, 0.0, 0.0, 0.0, 1.0)
        impute_value = rounded(np.median(known))
        clip_low, clip_high = map(rounded, np.quantile(known, _CLIP_QUANTILES))
        clipped = _clip(values, impute_value, clip_low, clip_high)
        logged = _signed_log1p(clipped)
        skewness = abs(_skewness(clipped))
        is_logged = skewness > self.skewness_limit and abs(_skewness(logged)) < skewness
        transformed = logged if is_logged else clipped
        return ColumnParameters(
            transform="log1p" if is_logged else "identity",
            missing_share=missing_share,
            impute_value=impute_value,
            clip_low=clip_low,
            clip_high=clip_high,
            centre=rounded(transformed.mean()),
            # A constant column must not divide by zero; selection drops it later.
            scale=rounded(transformed.std()) or 1.0,
        )


def family_weights(features: pd.DataFrame) -> pd.Series:
    """Weight of each feature, so that a family counts the same however many it has.

    Parameters
    ----------
    features : DataFrame indexed by feature with family and family_weight, the features
        that take part only

    Returns
    -------
    Series indexed by feature: sqrt(family_weight / features of that family). Squared
    distances then add up to family_weight per family of standardised columns, the
    block scaling of multiple factor analysis with the number of columns as divisor.
    """
    members = features.groupby("family")["family"].transform("size")
    return np.sqrt(features["family_weight"] / members).map(rounded)


def prepare_column(values: np.ndarray, column: ColumnParameters) -> np.ndarray:
    """Prepare one feature (customers,), without its weight.

    A missing flag comes as 1 or 0 and is prepared like a category.
    """
    clipped = _clip(values, column.impute_value, column.clip_low, column.clip_high)
    transformed = _signed_log1p(clipped) if column.transform == "log1p" else clipped
    return (transformed - column.centre) / column.scale


def _clip(
    values: np.ndarray, impute_value: float, low: float, high: float
) -> np.ndarray:
    return np.clip(np.where(np.isnan(values), impute_value, values), low, high)


def _signed_log1p(values: np.ndarray) -> np.ndarray:
    # log(1 + x) rather than log1p: engines have no log1p and must agree with us.
    return np.sign(values) * np.log(1 + np.abs(values))


def _skewness(values: np.ndarray) -> float:
    deviations = values - values.mean()
    reach = np.abs(deviations).max()
    if reach == 0:
        return 0.0
    # Dividing by the reach first keeps the cube of large values finite.
    unit = deviations / reach
    # Rounded, or the last bit would decide for a column of two values.
    return rounded(np.mean(unit**3) / np.mean(unit**2) ** 1.5)
