"""Rules that have to be found again, and that must be counted as they are printed."""

import importlib.util
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from segmentation.rules import EVERYBODY, NO_RULE, learn_rules, round_threshold

PROJECT = Path(__file__).parents[3]


def make_inputs(
    wide: pd.DataFrame,
    exemplars: list[tuple[str, list[float]]],
    categories: tuple[str, ...] = (),
    radius: float | None = None,
) -> dict[str, pd.DataFrame]:
    """Customers whose values are compared as they are, with exemplars by segment."""
    wide = wide[sorted(wide)]
    is_category = [name in categories for name in wide]
    return {
        "exemplars": pd.DataFrame(
            {
                "segmentation": "s",
                "model_version": "v",
                "exemplar": [f"{number:03d}" for number in range(len(exemplars))],
                "segment_key": [key for key, _ in exemplars],
                "radius": radius,
                "coordinates": [place for _, place in exemplars],
            }
        ),
        "features": pd.DataFrame(
            {
                "segmentation": "s",
                "feature": wide.columns,
                "source_feature": wide.columns,
                "kind": np.where(is_category, "category", "number"),
                "is_selected": True,
                "transform": "identity",
                "missing_share": 0.0,
                "impute_value": np.where(is_category, wide.mean(), wide.median()),
                "clip_low": None,
                "clip_high": None,
                "centre": 0.0,
                "scale": 1.0,
                "weight": 1.0,
            }
        ),
        "feature_values": wide.rename_axis("customer_id")
        .reset_index()
        .melt("customer_id", var_name="feature", value_name="value"),
        "populations": pd.DataFrame({"segmentation": "s", "customer_id": wide.index}),
        "descriptions": pd.DataFrame(
            {
                "feature": wide.columns,
                "phrase_high": [f"much {name}" for name in wide],
                "phrase_low": [f"little {name}" for name in wide],
            }
        ),
        "units": pd.DataFrame(
            {"feature": ["frequency", "discount_share"], "unit": ["orders", "share"]}
        ),
    }


def make_wide(columns: dict[str, object]) -> pd.DataFrame:
    wide = pd.DataFrame(columns, dtype=float)
    wide.index = [f"c{number:05d}" for number in range(len(wide))]
    return wide


def grid() -> pd.DataFrame:
    """Every frequency of 0 to 20 with every discount share of 0 to 20 hundredths."""
    numbers = np.arange(21)
    frequency, discount = (axis.ravel() for axis in np.meshgrid(numbers, numbers))
    return make_wide({"frequency": frequency, "discount_share": discount / 100})


# In the order of the feature names; discount shares are small, so frequency decides.
BOXES = [("s_1", [0.0, 5.0]), ("s_2", [0.0, 10.0]), ("s_3", [0.0, 15.0])]


def rule(rules: pd.DataFrame, key: str) -> tuple[str, str | None]:
    rows = rules[rules["segment_key"] == key]
    (text,) = set(rows["rule_text"])
    (sql,) = set(rows["rule_sql"].astype(object).where(rows["rule_sql"].notna(), None))
    return text, sql


def who_meets(statement: str, wide: pd.DataFrame) -> np.ndarray:
    """Ask SQL who meets a printed rule."""
    with duckdb.connect() as connection:
        connection.register("customers", wide)
        met = connection.execute(f"select coalesce({statement}, false) from customers")
        return met.df().iloc[:, 0].to_numpy()


def who_meets_rows(rows: pd.DataFrame, wide: pd.DataFrame) -> np.ndarray:
    """Check the conditions row by row, as scoring does."""
    is_met = np.ones(len(wide), dtype=bool)
    for row in rows.dropna(subset="feature").itertuples():
        values = wide[row.feature]
        compare = {">=": values.ge, "<": values.lt, "=": values.eq}[row.operator]
        is_met &= np.where(values.isna(), row.is_met_by_unknown, compare(row.threshold))
    return is_met


def test_planted_boxes_are_found_with_precision_and_recall_of_one():
    wide = make_wide({"frequency": np.tile([3, 12], 100), "discount_share": 0.0})
    wide["discount_share"] = np.repeat([0.1, 0.3], 100)
    # A share is as far apart as ten orders, so that both decide.
    inputs = make_inputs(
        wide * [1, 100],
        [
            ("s_1", [10.0, 3.0]),
            ("s_2", [10.0, 12.0]),
            ("s_3", [30.0, 3.0]),
            ("s_4", [30.0, 12.0]),
        ],
    )
    rules = learn_rules(**inputs)
    truth = {
        "s_1": (wide["frequency"] < 10) & (wide["discount_share"] < 0.2),
        "s_2": (wide["frequency"] > 10) & (wide["discount_share"] < 0.2),
        "s_3": (wide["frequency"] < 10) & (wide["discount_share"] > 0.2),
        "s_4": (wide["frequency"] > 10) & (wide["discount_share"] > 0.2),
    }
    for key, is_member in truth.items():
        met = who_meets(rule(rules, key)[1], wide * [1, 100])
        np.testing.assert_array_equal(met, is_member)
    assert set(rules["fidelity"]) == {1.0}


def test_a_rule_reads_well_and_bounds_of_a_feature_are_one_condition():
    rules = learn_rules(**make_inputs(grid(), BOXES))
    assert rule(rules, "s_1") == ("fewer than 8 orders", '"frequency" < 8')
    assert rule(rules, "s_2") == (
        "at least 8 and fewer than 13 orders",
        '"frequency" >= 8 and "frequency" < 13',
    )
    assert rule(rules, "s_3") == ("at least 13 orders", '"frequency" >= 13')
    middle = rules[rules["segment_key"] == "s_2"]
    assert middle[["condition_number", "operator", "threshold"]].values.tolist() == [
        [1, ">=", 8.0],
        [2, "<", 13.0],
    ]


def test_what_is_printed_is_what_is_counted_and_nobody_meets_two_rules():
    generator = np.random.default_rng(4)
    wide = make_wide(
        {
            "frequency": generator.poisson(8, 3000),
            "spend": generator.gamma(2, 1.5, 3000) * 3,
            "home: owner": generator.random(3000) < 0.3,
        }
    )
    wide = wide.mask(generator.random(wide.shape) < 0.1)
    exemplars = [("s_1", [4.0, 0.2, 4.0]), ("s_2", [9.0, 0.9, 9.0])]
    exemplars += [("s_3", [9.0, 0.1, 15.0]), ("s_2", [4.0, 0.1, 12.0])]
    rules = learn_rules(**make_inputs(wide, exemplars, ("home: owner",)))
    times_met = np.zeros(len(wide), dtype=int)
    for key, rows in rules.groupby("segment_key"):
        is_met = who_meets(rule(rules, key)[1], wide)
        np.testing.assert_array_equal(is_met, who_meets_rows(rows, wide))
        times_met += is_met
    assert rules["is_met_by_unknown"].any()
    assert times_met.max() == 1


def test_the_order_of_rows_and_columns_does_not_matter():
    wide = grid().assign(twin=lambda frame: frame["frequency"])
    exemplars = [(key, [*place, place[1]]) for key, place in BOXES]
    inputs = make_inputs(wide, exemplars)
    shuffled = {
        name: frame.sample(frac=1, random_state=number)
        for number, (name, frame) in enumerate(inputs.items())
    }
    rules = learn_rules(**inputs)
    pd.testing.assert_frame_equal(rules, learn_rules(**shuffled))
    assert rules["segment_key"].is_monotonic_increasing


def test_a_tie_goes_to_the_first_segment_and_to_noise_last():
    wide = make_wide({"frequency": np.tile([0, 5, 10], 50)})
    inputs = make_inputs(wide, [("s_2", [10.0]), ("s_1", [0.0]), ("outlier", [5.0])])
    inputs["exemplars"].loc[2, "coordinates"][0] = 0.0
    rules = learn_rules(**inputs)
    assert rule(rules, "s_1")[1] == '"frequency" < 8'
    assert rule(rules, "s_2")[1] == '"frequency" >= 8'


def test_outliers_have_no_rule_and_belong_to_no_segment():
    wide = make_wide({"frequency": np.tile([0, 10, 20, 90], 50)})
    exemplars = [("outlier", [20.0]), ("s_1", [0.0]), ("s_2", [10.0])]
    rules = learn_rules(**make_inputs(wide, exemplars, radius=5.0))
    assert rules["segment_key"].unique().tolist() == ["s_1", "s_2"]
    assert who_meets(rule(rules, "s_2")[1], wide).sum() == 50


def test_a_category_is_said_in_its_own_words():
    wide = make_wide({"home: owner": np.tile([0, 1, 1], 50)})
    rules = learn_rules(
        **make_inputs(wide, [("s_1", [0.0]), ("s_2", [1.0])], ("home: owner",))
    )
    assert rule(rules, "s_1") == ("little home: owner", '"home: owner" = 0')
    assert rule(rules, "s_2") == ("much home: owner", '"home: owner" = 1')


def test_unknown_values_meet_what_the_imputed_value_meets():
    wide = make_wide({"home: owner": np.tile([0, 1, 1, np.nan], 50)})
    rules = learn_rules(
        **make_inputs(wide, [("s_1", [0.0]), ("s_2", [1.0])], ("home: owner",))
    )
    assert rule(rules, "s_1") == ("little home: owner", '"home: owner" = 0')
    assert rule(rules, "s_2") == (
        "much home: owner or unknown",
        '("home: owner" = 1 or "home: owner" is null)',
    )


def with_flag(inputs: dict[str, pd.DataFrame], source: str) -> dict[str, pd.DataFrame]:
    """Add the missing flag of a feature; exemplars give its coordinate already."""
    features = inputs["features"]
    flag = features[features["feature"] == source].assign(
        feature=f"{source}: unknown",
        kind="category",
        transform="is_missing",
        impute_value=0.5,
    )
    features = pd.concat([features, flag]).sort_values("feature", ignore_index=True)
    return {**inputs, "features": features}


def test_a_flag_is_a_condition_of_its_source():
    wide = make_wide({"frequency": np.tile([4, 5, np.nan, np.nan], 50)})
    exemplars = [("s_1", [4.5, 0.0]), ("s_2", [4.5, 1.0])]
    rules = learn_rules(**with_flag(make_inputs(wide, exemplars), "frequency"))
    assert rule(rules, "s_1") == ("frequency known", '"frequency" is not null')
    assert rule(rules, "s_2") == ("frequency unknown", '"frequency" is null')
    assert set(rules["feature"]) == {"frequency"}
    assert rules["operator"].tolist() == ["is not null", "is null"]
    assert rules["is_met_by_unknown"].tolist() == [False, True]
    assert (
        who_meets(rule(rules, "s_2")[1], wide).tolist()
        == [False, False, True, True] * 50
    )


def test_a_bound_says_by_itself_that_there_is_a_value():
    wide = make_wide({"frequency": np.tile([0, 10, 20, np.nan, np.nan], 50)})
    exemplars = [("s_1", [0.0, 0.0]), ("s_2", [10.0, 30.0]), ("s_3", [20.0, 0.0])]
    inputs = with_flag(make_inputs(wide, exemplars), "frequency")
    inputs["features"].loc[1, "weight"] = 30.0
    rules = learn_rules(**inputs)
    # The known 10 lie between s_1 and s_3, and a tie goes to the first.
    assert rule(rules, "s_1") == ("fewer than 20 orders", '"frequency" < 20')
    assert rule(rules, "s_2") == ("frequency unknown", '"frequency" is null')
    assert rule(rules, "s_3") == ("at least 20 orders", '"frequency" >= 20')
    assert rules["condition_number"].tolist() == [1, 1, 1]


def test_what_is_unknown_has_no_bounds():
    # The tree asks for the size first, and the unknown ones are imputed as 20.
    wide = make_wide({"frequency": np.tile([0, 0, 20, 20, 20, np.nan], 50)})
    exemplars = [("s_1", [0.0, 0.0]), ("s_2", [20.0, 1.0]), ("s_3", [20.0, 0.0])]
    rules = learn_rules(**with_flag(make_inputs(wide, exemplars), "frequency"))
    assert rule(rules, "s_2") == ("frequency unknown", '"frequency" is null')
    assert rule(rules, "s_3") == ("at least 10 orders", '"frequency" >= 10')


def test_a_single_segment_is_every_customer():
    rules = learn_rules(**make_inputs(grid(), BOXES[:1]))
    assert rule(rules, "s_1") == (EVERYBODY, "true")
    assert rules["feature"].isna().all()


def test_a_segment_that_no_leaf_predicts_has_no_rule():
    wide = make_wide({"frequency": np.r_[np.zeros(997), [10, 10, 10]]})
    rules = learn_rules(**make_inputs(wide, [("s_1", [0.0]), ("s_2", [10.0])]))
    assert rule(rules, "s_2") == (NO_RULE, None)
    assert rule(rules, "s_1") == (EVERYBODY, "true")


def test_without_a_sample_no_rule_holds():
    inputs = make_inputs(grid(), BOXES)
    inputs["populations"] = inputs["populations"].iloc[:0]
    rules = learn_rules(**inputs)
    assert set(rules["rule_text"]) == {NO_RULE}
    assert rules["fidelity"].isna().all()


def test_no_model_gives_an_empty_table_with_the_same_types():
    inputs = make_inputs(grid(), BOXES)
    full = learn_rules(**inputs)
    empty = learn_rules(**{name: frame.iloc[:0] for name, frame in inputs.items()})
    assert empty.empty
    pd.testing.assert_series_equal(empty.dtypes, full.dtypes)


@pytest.mark.parametrize(
    ("threshold", "values", "is_whole", "expected"),
    [
        (11.5, [11, 12], True, 12),
        (10.5, [10, 11], True, 11),
        (0.5, [0, 1], True, 1),
        (1234.5, [1234, 1235], True, 1230),
        (1234.5, [1000, 2000], True, 2000),
        (0.21349, [0.1, 0.3], False, 0.2),
        (0.21349, [0.205, 0.213, 0.214], False, 0.214),
        (-3.5, [-4, -3], True, -3),
        (0.0, [-1, 1], False, 0),
    ],
)
def test_thresholds_are_as_round_as_the_customers_allow(
    threshold, values, is_whole, expected
):
    found = round_threshold(threshold, np.array(values, dtype=float), is_whole)
    assert found == expected


class FakeDbt:
    def __init__(self, frames: dict[str, pd.DataFrame]) -> None:
        self.frames = frames

    def ref(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def test_the_thin_model_hands_over_the_right_tables():
    path = PROJECT / "models/learning/ml_segment_rules.py"
    specification = importlib.util.spec_from_file_location("thin_rules", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    inputs = make_inputs(grid(), BOXES)
    tables = {
        "exemplars": "ml_segment_exemplars",
        "features": "ml_segment_features",
        "feature_values": "int_learning_sample_measured",
        "populations": "int_learning_sample_drawn",
        "descriptions": "int_features_described",
        "units": "features",
    }
    fake = FakeDbt({table: inputs[name] for name, table in tables.items()})
    pd.testing.assert_frame_equal(module.model(fake, None), learn_rules(**inputs))
