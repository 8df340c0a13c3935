import numpy as np
import pandas as pd

from segmentation import FeaturePreparation
from segmentation.selection import select_features

SIZE = 1000


def select(
    columns: dict[str, np.ndarray],
    priority: dict[str, int] | None = None,
    categories: tuple[str, ...] = (),
) -> dict[str, str]:
    values = pd.DataFrame(columns, dtype=float)
    kinds = {f: "category" if f in categories else "number" for f in values}
    preparation = FeaturePreparation(kinds).fit(values)
    features = pd.DataFrame(
        {"kind": kinds, "priority": {f: 1 for f in values} | (priority or {})}
    )
    reasons = select_features(
        preparation.transform(values), preparation.parameters_, features, 0.6, 0.9
    )
    return reasons.to_dict()


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=SIZE)


def ones(count: int, total: int = SIZE) -> np.ndarray:
    return np.where(np.arange(total) < count, 1.0, 0.0)


def test_missing():
    gone = np.where(np.arange(SIZE) < 601, np.nan, noise(1))
    fine = np.where(np.arange(SIZE) < 600, np.nan, noise(1))
    assert select({"gone": gone})["gone"] == (
        "missing for 60.1% of customers, at most 60.0% are accepted"
    )
    assert select({"fine": fine})["fine"] == "selected"
    nothing = np.full(SIZE, np.nan)
    assert select({"none": nothing})["none"] == "missing for every customer"


def test_near_constant_numbers():
    tiny = noise(1) * 1e-5
    assert select({"tiny": tiny})["tiny"].startswith("near-constant: standard dev")
    assert select({"f": ones(49) * noise(1)})["f"] == (
        "near-constant: 95.1% of customers share one value"
    )
    assert select({"f": ones(50) * noise(1)})["f"] == "selected"
    assert select({"f": ones(SIZE)})["f"].startswith("near-constant: standard dev")


def test_near_constant_categories():
    for count in (19, 981):
        reason = select({"f": ones(count)}, categories=("f",))["f"]
        assert reason == f"near-constant: {count / SIZE:.1%} of customers belong to it"
    for count in (20, 980):
        assert select({"f": ones(count)}, categories=("f",))["f"] == "selected"


def test_share_of_a_category_is_among_the_known():
    half_known = np.where(np.arange(SIZE) < 500, np.nan, ones(515))
    assert select({"f": half_known}, categories=("f",))["f"] == "selected"


def test_of_two_redundant_features_the_easier_to_explain_stays():
    original = noise(1)
    columns = {"b": original, "a": np.exp(original), "c": noise(2)}
    assert select(columns, {"b": 1, "a": 2}) == {
        "a": "redundant: rank correlation 1.00 with b, which comes first",
        "b": "selected",
        "c": "selected",
    }
    assert select(columns)["b"].startswith("redundant: rank correlation 1.00 with a,")


def test_opposites_are_redundant_and_a_dropped_feature_drops_nobody():
    original = noise(1)
    near, far = original + 0.35 * noise(2), original + 0.7 * noise(2)
    assert select({"a": original, "b": -original})["b"].startswith("redundant: rank")
    # b falls to a; c resembles only b, so c stays.
    reasons = select({"a": original, "b": near, "c": far})
    assert np.corrcoef(near, far)[0, 1] > 0.93
    assert reasons["b"].endswith("with a, which comes first")
    assert reasons["c"] == "selected"
