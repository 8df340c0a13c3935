import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from segmentation import FeaturePreparation
from segmentation.preparation import family_weights


def prepare(values: list[float], kind: str = "number", limit: float = 1.0):
    frame = pd.DataFrame({"f": values}, dtype=float)
    preparation = FeaturePreparation({"f": kind}, limit).fit(frame)
    return preparation.parameters_.loc["f"], preparation.transform(frame)["f"]


def test_number_by_hand():
    learned, prepared = prepare([0, 1, 2, 3, 9, np.nan], limit=3.0)
    # Quantiles at positions 0.04 and 3.96 of 0..4; the missing one becomes 2.
    clipped = np.array([0.04, 1, 2, 3, 8.76, 2])
    deviation = math.sqrt((2.76**2 + 1.8**2 + 0.8**2 + 0.2**2 + 5.96**2 + 0.8**2) / 6)
    assert learned["transform"] == "identity"
    assert learned["missing_share"] == round(1 / 6, 9)
    assert learned["impute_value"] == 2
    assert (learned["clip_low"], learned["clip_high"]) == (0.04, 8.76)
    assert learned["centre"] == 2.8
    assert learned["scale"] == round(deviation, 9)
    expected = (clipped - 2.8) / round(deviation, 9)
    assert np.allclose(prepared, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("sign", [1, -1])
def test_skewed_number_takes_the_signed_logarithm(sign):
    learned, prepared = prepare([sign * (2**power - 1) for power in range(11)])
    # The quantiles lie a tenth of the way between neighbours: 0..1 and 511..1023.
    logs = [math.log(1.1), *(k * math.log(2) for k in range(1, 10)), math.log(972.8)]
    assert learned["transform"] == "log1p"
    assert learned["centre"] == pytest.approx(sign * np.mean(logs), abs=1e-9)
    assert learned["scale"] == pytest.approx(np.std(logs), abs=1e-9)
    assert prepared.iloc[-1] == pytest.approx(
        sign * (math.log(972.8) - np.mean(logs)) / np.std(logs), abs=1e-8
    )


def test_logarithm_needs_both_skewness_and_help():
    skewed = [2**power - 1 for power in range(11)]
    assert prepare(skewed, limit=3.0)[0]["transform"] == "identity"
    # Two values stay two values: the logarithm cannot lower their skewness.
    assert prepare([0] * 9 + [100])[0]["transform"] == "identity"


def test_category_keeps_its_scale_and_a_missing_one_contributes_nothing():
    learned, prepared = prepare([1, 0, 0, 0, np.nan], kind="category")
    assert learned["transform"] == "identity"
    assert learned["impute_value"] == learned["centre"] == 0.25
    assert (learned["clip_low"], learned["clip_high"], learned["scale"]) == (0, 1, 1)
    assert prepared.tolist() == [0.75, -0.25, -0.25, -0.25, 0]


def test_later_customers_are_prepared_with_what_was_learned():
    preparation = FeaturePreparation({"f": "number"})
    preparation.fit(pd.DataFrame({"f": [0.0, 1, 2, 3, 4]}))
    scale = preparation.parameters_.loc["f", "scale"]
    later = preparation.transform(pd.DataFrame({"f": [np.nan, 1e9]}, index=["x", "y"]))
    assert later["f"].to_dict() == {"x": 0.0, "y": 1.96 / scale}


def test_constant_and_unknown_columns_are_prepared_to_zero():
    assert prepare([3, 3, 3])[1].tolist() == [0, 0, 0]
    learned, prepared = prepare([np.nan, np.nan])
    assert learned["missing_share"] == 1
    assert prepared.tolist() == [0, 0]


def test_refusals():
    with pytest.raises(NotFittedError):
        FeaturePreparation({"f": "number"}).transform(pd.DataFrame({"f": [1.0]}))
    with pytest.raises(ValueError, match="kind must be"):
        prepare([1], kind="text")
    with pytest.raises(ValueError, match="category must be"):
        prepare([0, 0.5, 1], kind="category")


@given(
    st.lists(st.floats(-1e150, 1e150) | st.just(math.nan), min_size=1, max_size=40),
    st.sampled_from([0.0, 1.0]),
)
def test_prepared_values_are_finite_for_any_finite_input(values, limit):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        learned, prepared = prepare(values, limit=limit)
    assert np.isfinite(prepared).all()
    assert learned["scale"] > 0


def test_family_weights_share_a_family_among_its_columns():
    features = pd.DataFrame(
        {"family": ["a", "a", "a", "a", "b"], "family_weight": [1, 1, 1, 1, 0.36]},
        index=list("vwxyz"),
    )
    assert family_weights(features).tolist() == [0.5, 0.5, 0.5, 0.5, 0.6]
