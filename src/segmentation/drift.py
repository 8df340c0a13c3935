"""How far today's customers are from those a model was learned from."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segmentation.history import OUTLIER_KEY, StoredModel
from segmentation.missing import flag_sources, with_flags
from segmentation.rounding import rounded, rounded_array
from segmentation.settings import Settings

_BINS = 10
_SMALLEST_SHARE = 1e-4


class Drift(NamedTuple):
    """Population stability index by feature, and how customers lie to the exemplars.

    ``reasons`` say which limits are passed; there is no drift where it is empty.
    """

    indices: pd.Series
    outlier_share: float
    mean_distance: float
    reasons: list[str]


def bin_shares(values: np.ndarray) -> tuple[str, str]:
    """Bin the known values of a feature by their deciles.

    Parameters
    ----------
    values : array (customers,) in the unit of the feature; NaN is missing

    Returns
    -------
    The edges and the share of the customers in each bin, missing ones last, as numbers
    joined by spaces. A value on an edge belongs to the bin below it; edges that
    coincide are one.
    """
    known = values[~np.isnan(values)]
    quantiles = np.linspace(0, 1, _BINS + 1)[1:-1]
    edges = np.quantile(known, quantiles) if known.size else np.empty(0)
    edges = np.unique(rounded_array(edges))
    return _text(edges), _text(_shares(values, edges))


def population_stability_index(edges: str, shares: str, values: np.ndarray) -> float:
    """Compare today's values with the bins of the fit.

    Parameters
    ----------
    edges, shares : from ``bin_shares``
    values : array (customers,) in the unit of the feature; NaN is missing

    Returns
    -------
    Sum over the bins of (p - q) ln(p / q), shares of at least 0.0001. By the convention
    of credit scoring 0.1 is worth watching, 0.25 worth acting on.
    """
    then = np.maximum(_numbers(shares), _SMALLEST_SHARE)
    now = np.maximum(_shares(values, _numbers(edges)), _SMALLEST_SHARE)
    return float(((now - then) * np.log(now / then)).sum())


def measure_drift(
    model: StoredModel, values: pd.DataFrame, settings: Settings
) -> Drift | None:
    """Measure how far customers have moved since the model was learned.

    Parameters
    ----------
    model : version to compare with
    values : DataFrame (customers x features) of today, in the unit of each feature
    settings : the limits

    Returns
    -------
    Drift; None where the rows of the version are not at hand or nobody is there.
    """
    if model.exemplars.empty or values.empty or "bin_edges" not in model.features:
        return None
    known = with_flags(values, flag_sources(model.features))
    known = known.reindex(columns=model.features.index)
    indices = pd.Series(
        {
            name: rounded(
                population_stability_index(
                    learned["bin_edges"],
                    learned["bin_shares"],
                    known[name].to_numpy(dtype=float),
                )
            )
            for name, learned in model.features.iterrows()
        },
        dtype=float,
    )
    scored = model.score(values)
    outlier_share = float((scored["segment_key"] == OUTLIER_KEY).mean())
    mean_distance = float(scored["distance"].mean())
    return Drift(
        indices,
        outlier_share,
        mean_distance,
        _reasons(model, indices, outlier_share, mean_distance, settings),
    )


def _reasons(
    model: StoredModel,
    indices: pd.Series,
    outlier_share: float,
    mean_distance: float,
    settings: Settings,
) -> list[str]:
    limit = settings.maximum_stability_index
    reasons = [
        f"{name} drifted, population stability index {index:.2f} above {limit:.2f}"
        for name, index in indices[indices > limit].items()
    ]
    risen = outlier_share - float(model.fact("outlier_share"))
    if risen > settings.maximum_outlier_increase:
        reasons.append(f"the share of outliers rose by {risen:.1%}")
    farther = mean_distance / max(float(model.fact("mean_distance")), 1e-9)
    if farther > settings.maximum_distance_ratio:
        reasons.append(f"customers lie {farther:.2f} times as far from the exemplars")
    return reasons


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    bins = np.where(
        np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="left")
    )
    return np.bincount(bins, minlength=len(edges) + 2) / max(len(values), 1)


def _text(numbers: np.ndarray) -> str:
    return " ".join(repr(rounded(number)) for number in numbers)


def _numbers(text: str) -> np.ndarray:
    return np.array([float(number) for number in text.split()])
