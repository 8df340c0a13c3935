"""Flags where a missing value tells something, and nowhere else."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from segmentation import FeaturePreparation, fit_segmentations
from segmentation.history import read_history
from segmentation.missing import flag_sources, judge_flags, with_flags
from segmentation.selection import select_features
from segmentation.settings import Settings

SIZE = 1000


def noise(seed: int, size: int = SIZE) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=size)


def judge(
    columns: dict[str, np.ndarray],
    categories: tuple[str, ...] = (),
    priority: dict[str, int] | None = None,
) -> pd.DataFrame:
    values = pd.DataFrame(columns, dtype=float)
    kinds = {name: "category" if name in categories else "number" for name in values}
    features = pd.DataFrame(
        {
            "kind": kinds,
            "family": {name: f"family of {name}" for name in values},
            "family_weight": 2.0,
            "priority": {name: 1 for name in values} | (priority or {}),
        }
    )
    preparation = FeaturePreparation(kinds).fit(values)
    prepared = preparation.transform(values)
    reasons = select_features(prepared, preparation.parameters_, features, 0.6, 0.9)
    return judge_flags(values, prepared, features, reasons, 0.9)


def lacking(values: np.ndarray, is_missing: np.ndarray) -> np.ndarray:
    return np.where(is_missing, np.nan, values)


def test_a_flag_informs_where_others_differ():
    other = noise(1)
    gone = other + noise(5) > 1
    flags = judge({"a_days": lacking(noise(2), gone), "b": other})
    assert flags.index.tolist() == ["a_days: unknown"]
    flag = flags.loc["a_days: unknown"]
    prepared = np.clip(other, *np.quantile(other, [0.01, 0.99]))
    correlation = np.corrcoef(gone, prepared)[0, 1]
    assert flag["reason"] == (
        f"selected: who lacks the value differs in b (correlation {correlation:.2f}, "
        "at least 0.20 is required)"
    )
    assert (flag["source_feature"], flag["kind"]) == ("a_days", "category")
    assert (flag["family"], flag["family_weight"]) == ("family of a_days", 2.0)
    assert (flag["phrase_high"], flag["phrase_low"]) == ("a unknown", "a known")


def test_values_missing_at_random_get_no_flag():
    informative = [
        judge(
            {
                "a": lacking(noise(seed), noise(seed + 500) > 1),
                **{f"b{number}": noise(1000 * number + seed) for number in range(1, 9)},
            }
        )["reason"].str.startswith("selected")
        for seed in range(50)
    ]
    assert not np.any(informative)


def test_few_customers_need_more_than_the_smallest_correlation():
    # Every second customer lacks it; of 40, 12 of 20 against 7 of 20 are in b.
    is_missing = np.arange(40) % 2 == 0
    b = np.where(is_missing, np.arange(40) < 24, np.arange(40) < 14) * 1.0
    correlation = np.corrcoef(is_missing, b)[0, 1]
    quantile = t.isf(0.005, 38)
    bound = quantile / np.sqrt(38 + quantile**2)
    assert 0.2 < correlation < bound
    few = judge({"a": lacking(noise(1, 40), is_missing), "b": b}, ("b",))
    assert few["reason"].item() == (
        f"uninformative: correlation {correlation:.2f} with b, at least {bound:.2f} is "
        "required"
    )
    many = {
        "a": lacking(noise(1, 400), np.tile(is_missing, 10)),
        "b": np.tile(b, 10),
    }
    assert judge(many, ("b",))["reason"].item().startswith("selected")


@pytest.mark.parametrize(("missing", "is_proposed"), [(49, False), (50, True)])
def test_rare_gaps_are_not_judged(missing, is_proposed):
    gone = np.arange(SIZE) < missing
    flags = judge({"a": lacking(noise(1), gone), "b": noise(2) + 3 * gone})
    assert (len(flags) == 1) == is_proposed


def test_neither_categories_nor_features_left_out_get_a_flag():
    other = noise(1)
    gone = other > 0.5
    assert judge({"a": lacking((noise(2) > 0) * 1.0, gone), "b": other}, ("a",)).empty
    assert judge({"a": lacking(noise(2), other > -1), "b": other}).empty
    # Redundant itself: of a pair the first by name stays.
    assert judge({"a": other, "b": lacking(other, noise(3) > 1.5)}).empty


def test_imputed_values_are_no_evidence():
    gone = noise(3) > 0.5
    skewed = np.exp(3 * noise(1)), np.exp(3 * noise(2))
    flags = judge({"a": lacking(skewed[0], gone), "b": lacking(skewed[1], gone)})
    assert set(flags["reason"]) == {
        "uninformative: no other feature is known of both sides"
    }


def test_of_gaps_that_go_together_the_first_keeps_its_flag():
    other = noise(1)
    gone = other + noise(5) > 1
    columns = {
        "a": lacking(noise(2), gone),
        "b": lacking(noise(3), gone),
        "c": other,
    }
    reasons = judge(columns, priority={"a": 2})["reason"]
    assert reasons["b: unknown"].startswith("selected")
    assert reasons["a: unknown"] == (
        "redundant: b: unknown tells already who lacks the value "
        "(rank correlation 1.00)"
    )


def test_what_another_feature_tells_already_is_redundant():
    # One in twelve has not bought for 91 days, and of those alone the trend is unknown.
    days = np.arange(SIZE) % 100
    columns = {"days": days, "trend": lacking(noise(2), days > 91)}
    assert judge(columns)["reason"].item() == (
        "redundant: days tells already who lacks the value (rank correlation 1.00)"
    )
    # All of those without the value and one in twenty of the others, or one in eight.
    gone = noise(1) > 1
    member = np.where(gone, 1.0, np.arange(SIZE) % 20 == 0)
    columns = {"a": lacking(noise(2), gone), "b": member}
    share = member[~gone].mean()
    assert 1 - share > 0.9
    assert judge(columns, ("b",))["reason"].item().endswith(f"{1 - share:.2f})")
    member = np.where(gone, 1.0, np.arange(SIZE) % 8 == 0)
    columns["b"] = member
    assert judge(columns, ("b",))["reason"].item().startswith("selected")


def test_a_name_that_is_taken_gives_no_flag():
    other = noise(1)
    gone = other + noise(5) > 1
    columns = {"a": lacking(noise(2), gone), "b": other, "a: unknown": noise(4)}
    assert judge(columns).empty


def test_flags_are_ones_where_nothing_is_known():
    values = pd.DataFrame({"a": [1.0, np.nan]}, index=["x", "y"])
    flagged = with_flags(values, {"a: unknown": "a", "b: unknown": "b"})
    assert flagged["a: unknown"].tolist() == [0.0, 1.0]
    assert flagged["b: unknown"].tolist() == [1.0, 1.0]
    assert flagged["a"].equals(values["a"])


def test_models_without_flags_have_no_sources():
    assert flag_sources(pd.DataFrame({"transform": ["identity"]}, index=["a"])) == {}


@pytest.fixture(scope="module")
def quick(settings):
    return {
        **settings,
        "segmentation_algorithms": "['kmeans']",
        "maximum_segments": "3",
        # Visits tell who has no age, but the flag is wanted here.
        "maximum_feature_correlation": "1",
    }


@pytest.fixture(scope="module")
def gappy(make_inputs):
    """Three groups, of which the third has no age."""
    generator = np.random.default_rng(11)
    truth = np.repeat([0, 1, 2], 200)
    wide = pd.DataFrame(
        {
            "age": lacking(generator.normal(40, 5, 600), truth == 2),
            "spend": generator.normal([0, 8, 8], 1, (200, 3)).T.ravel(),
            "visits": generator.normal([0, 0, 8], 1, (200, 3)).T.ravel(),
        },
        index=[f"c{number:03d}" for number in range(600)],
    )
    families = ["who", "what", "what"]
    return wide, truth, make_inputs(wide, family=families, family_weight=[0.5, 1, 1])


def test_a_fit_keeps_flags_beside_their_source(gappy, quick, number, text):
    wide, truth, inputs = gappy
    table = fit_segmentations(*inputs, quick)
    flag = "age: unknown"
    assert text(table, "feature", flag, "transform") == "is_missing"
    assert text(table, "feature", flag, "source_feature") == "age"
    assert number(table, "feature", flag, "is_selected") == 1
    assert number(table, "feature", flag, "missing_share") == 0
    assert number(table, "feature", flag, "centre") == pytest.approx(1 / 3)
    # The flag is no further column of its family.
    for feature in ("age", flag):
        weight = number(table, "feature", feature, "weight")
        assert weight == pytest.approx(np.sqrt(0.5))
    assert number(table, "model", "", "segment_count") == 3


def test_sql_and_the_history_place_customers_by_their_gaps(
    gappy, quick, text, score_like_sql
):
    wide, truth, inputs = gappy
    table = fit_segmentations(*inputs, quick)
    labels = score_like_sql(table, wide)
    assert (pd.crosstab(truth, labels) > 0).to_numpy().sum() == 3
    names = {
        key: text(table, "segment", key, "segment_name") for key in labels.unique()
    }
    assert names[labels.iloc[-1]].startswith("Age unknown")
    assert not any("known" in names[key] for key in names if key != labels.iloc[-1])
    later = Settings.from_text({**quick, "as_of_date": "2018-01-31"})
    model = read_history(table, later)["value"].promoted
    assert (model.score(wide)["segment_key"] == labels).all()


def test_a_flag_drifts_with_its_source(gappy, quick):
    wide, _, inputs = gappy
    first = fit_segmentations(*inputs, quick)
    # Half of those whose age was known are without it now.
    changed = inputs.feature_values.copy()
    gone = changed["customer_id"].isin(wide.index[:400:2])
    changed.loc[gone & (changed["feature"] == "age"), "value"] = np.nan
    second = fit_segmentations(
        *inputs._replace(feature_values=changed),
        {**quick, "as_of_date": "2018-01-31"},
        first,
    )
    drift = second[
        (second["part"] == "drift") & (second["name"] == "population_stability_index")
    ].set_index("item")["value_number"]
    # Two thirds known became one third: (1/3 - 2/3) ln(1/2) + (2/3 - 1/3) ln 2.
    assert drift["age: unknown"] == pytest.approx(2 / 3 * np.log(2), abs=1e-8)
    assert drift["spend"] == 0


def test_order_does_not_matter(gappy, quick):
    _, _, inputs = gappy
    shuffled = [frame.sample(frac=1, random_state=3) for frame in inputs]
    pd.testing.assert_frame_equal(
        fit_segmentations(*inputs, quick), fit_segmentations(*shuffled, quick)
    )
