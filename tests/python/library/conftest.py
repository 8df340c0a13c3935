"""Planted customers, and a scorer that follows the SQL formula and nothing else."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest


class Inputs(NamedTuple):
    feature_values: pd.DataFrame
    candidates: pd.DataFrame
    populations: pd.DataFrame


@pytest.fixture(scope="session")
def settings() -> dict[str, str]:
    return {
        "connector": "planted",
        "as_of_date": "2017-12-31",
        "refit_policy": "never",
        "segmentation_algorithms": "['kmeans', 'ward', 'hdbscan', 'gaussian_mixture']",
        "minimum_segments": "3",
        "maximum_segments": "6",
        "minimum_segment_share": "0.02",
        "minimum_learning_customers": "200",
        "maximum_missing_share": "0.6",
        "maximum_feature_correlation": "0.9",
        "skewness_limit": "1.0",
        "stability_samples": "4",
        "search_sample_size": "800",
        "random_seed": "20170101",
        "minimum_agreement": "0.9",
        "maximum_stability_index": "0.25",
        "maximum_outlier_increase": "0.05",
        "maximum_distance_ratio": "1.1",
        "promoted_versions": "[]",
    }


@pytest.fixture(scope="session")
def make_inputs() -> Callable[..., Inputs]:
    """Turn a wide frame, indexed by customer, into the three long inputs."""

    def make(wide: pd.DataFrame, **columns: object) -> Inputs:
        candidates = pd.DataFrame(
            {
                "segmentation": "value",
                "feature": wide.columns,
                "family": "behaviour",
                "kind": "number",
                "family_weight": 1.0,
                "priority": 1,
                "phrase_high": [f"high {feature}" for feature in wide.columns],
                "phrase_low": [f"low {feature}" for feature in wide.columns],
            }
        ).assign(**columns)
        long = wide.rename_axis("customer_id").reset_index()
        return Inputs(
            long.melt("customer_id", var_name="feature", value_name="value"),
            candidates,
            pd.DataFrame({"segmentation": "value", "customer_id": wide.index}),
        )

    return make


@pytest.fixture(scope="session")
def planted() -> tuple[pd.DataFrame, np.ndarray]:
    """1,200 customers in four groups: two plain features, two skewed, one category."""
    generator = np.random.default_rng(7)
    truth = generator.choice(4, size=1200, p=[0.4, 0.3, 0.2, 0.1])
    centres = np.array([[0, 0, 0, 0], [6, 0, 3, 0], [0, 6, 0, 3], [6, 6, 3, 3]])
    points = centres[truth] + generator.normal(size=(1200, 4)) * [1, 1, 0.5, 0.5]
    wide = pd.DataFrame(
        {
            "orders": points[:, 0],
            "recency": points[:, 1],
            "spend": np.exp(points[:, 2]),
            "visits": np.exp(points[:, 3]),
            "is_member": (generator.random(1200) < 0.2 + 0.6 * (truth > 1)) * 1.0,
        },
        index=[f"c{number:05d}" for number in range(1200)],
    )
    holes = generator.random(wide.shape) < 0.03
    return wide.mask(holes), truth


@pytest.fixture(scope="session")
def planted_inputs(
    planted: tuple[pd.DataFrame, np.ndarray], make_inputs: Callable[..., Inputs]
) -> Inputs:
    wide, _ = planted
    kinds = ["category" if name == "is_member" else "number" for name in wide]
    families = ["profile" if name == "is_member" else "behaviour" for name in wide]
    weights = [0.2 if name == "is_member" else 1.0 for name in wide]
    return make_inputs(wide, kind=kinds, family=families, family_weight=weights)


@pytest.fixture(scope="session")
def number() -> Callable[..., float]:
    def read(table: pd.DataFrame, part: str, item: str, name: str) -> float:
        return _row(table, part, item, name)["value_number"]

    return read


@pytest.fixture(scope="session")
def text() -> Callable[..., str]:
    def read(table: pd.DataFrame, part: str, item: str, name: str) -> str:
        return _row(table, part, item, name)["value_text"]

    return read


@pytest.fixture(scope="session")
def prepare_like_sql() -> Callable[..., pd.DataFrame]:
    return _prepare_like_sql


@pytest.fixture(scope="session")
def score_like_sql() -> Callable[..., pd.Series]:
    def score(table: pd.DataFrame, wide: pd.DataFrame) -> pd.Series:
        prepared = _prepare_like_sql(table, wide)
        exemplars = table[table["part"] == "exemplar"].pivot(
            index="item", columns="name", values="value_number"
        )
        segments = table[
            (table["part"] == "exemplar_segment") & (table["name"] == "segment_key")
        ].set_index("item")["value_text"]
        distances = {
            item: ((prepared - exemplar) ** 2).sum(axis=1)
            for item, exemplar in exemplars.iterrows()
        }
        return pd.DataFrame(distances).idxmin(axis=1).map(segments)

    return score


def _row(table: pd.DataFrame, part: str, item: str, name: str) -> pd.Series:
    keys = (table["part"] == part) & (table["item"] == item) & (table["name"] == name)
    found = table[keys]
    assert len(found) == 1, (part, item, name)
    return found.iloc[0]


def _prepare_like_sql(table: pd.DataFrame, wide: pd.DataFrame) -> pd.DataFrame:
    features = table[table["part"] == "feature"]
    numbers = features.pivot(index="item", columns="name", values="value_number")
    texts = features.pivot(index="item", columns="name", values="value_text")
    prepared = {}
    for feature, learned in numbers[numbers["is_selected"] == 1].iterrows():
        transform = texts.loc[feature, "transform"]
        if transform == "is_missing":
            value = wide[texts.loc[feature, "source_feature"]].isna().astype(float)
        else:
            value = wide[feature].fillna(learned["impute_value"])
        value = value.clip(learned["clip_low"], learned["clip_high"])
        if transform == "log1p":
            value = np.sign(value) * np.log(1 + np.abs(value))
        centred = (value - learned["centre"]) / learned["scale"]
        prepared[feature] = centred * learned["weight"]
    return pd.DataFrame(prepared)
