"""Scorecards as of a date: what was known later must not show, to the last bit."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from segmentation.risk import fit_risk
from segmentation.scorecard import score

PROJECT = Path(__file__).parents[3]
HORIZON = 56
CUTOFFS = pd.date_range("2017-03-01", periods=7, freq="28D")
AS_OF = pd.Timestamp("2017-10-01")
FEATURES = ["overdue", "recency", "trend"]
LABELS = ["decline_label", "lapse_label", "return_label"]
CUSTOMERS = 300


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {
        "connector": "planted",
        "as_of_date": AS_OF.date().isoformat(),
        "risk_horizon_days": str(HORIZON),
        "minimum_risk_events": "30",
        "isotonic_minimum_events": "300",
        "risk_folds": "5",
        "random_seed": "20170101",
    }


@pytest.fixture(scope="module")
def features() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "feature": ["recency", "trend", "overdue"],
            "transform": ["log1p", "none", "log"],
            "lapse_direction": ["up", None, None],
            "theme": ["recency", "spend", "rhythm"],
        }
    )


@pytest.fixture(scope="module")
def examples() -> pd.DataFrame:
    """Seven cut-offs, the last of which is not closed on the as-of date."""
    generator = np.random.default_rng(21)
    tables = []
    for cutoff in CUTOFFS:
        points = generator.normal(size=(CUSTOMERS, 3))
        risks = {
            "lapse": expit(-1.2 + points @ [0.4, 1.2, 0.0]),
            "decline": expit(-0.5 + points @ [0.0, 0.3, -0.8]),
        }
        table = pd.DataFrame(
            {
                "scored_on": cutoff.date(),
                "customer_id": [f"c{number:04d}" for number in range(CUSTOMERS)],
                "overdue": np.exp(points[:, 0]),
                "recency": np.exp(points[:, 1] + 2),
                "trend": points[:, 2],
            }
        )
        for target, risk in {**risks, "return": np.full(CUSTOMERS, 0.3)}.items():
            table[f"{target}_label"] = (generator.random(CUSTOMERS) < risk) * 1.0
        table.loc[table.index % 7 == 0, "decline_label"] = np.nan
        table.loc[table.index % 10 != 0, "return_label"] = np.nan
        tables.append(table)
    joined = pd.concat(tables, ignore_index=True)
    joined[FEATURES] = joined[FEATURES].mask(generator.random((len(joined), 3)) < 0.03)
    is_open = pd.to_datetime(joined["scored_on"]) + pd.Timedelta(days=HORIZON) > AS_OF
    joined.loc[is_open, LABELS] = np.nan
    return joined


@pytest.fixture(scope="module")
def table(examples, features, texts) -> pd.DataFrame:
    return fit_risk(examples, features, texts)


def facts_of(table: pd.DataFrame, scored_on: pd.Timestamp, target: str) -> pd.DataFrame:
    on = scored_on.date().isoformat()
    rows = table[(table["scored_on"] == on) & (table["target"] == target)]
    return rows[rows["part"] == "scorecard"].set_index("name")


def test_every_cutoff_and_the_as_of_date_have_all_scorecards(table):
    statuses = table[(table["part"] == "scorecard") & (table["name"] == "status")]
    expected = [*CUTOFFS, AS_OF]
    found = statuses.groupby("target")["scored_on"].apply(list)
    for target in ("lapse", "decline", "return"):
        assert found[target] == [date.date().isoformat() for date in expected]
    # The first cut-off closes 56 days later, on the third.
    is_fitted = statuses["value_text"] == "fitted"
    is_asked_often = statuses["target"] != "return"
    assert (is_fitted == (statuses["scored_on"] >= "2017-04-26"))[is_asked_often].all()
    # Thirty are asked each time, 30 % of whom return: 30 of them by the fifth.
    first = statuses[is_fitted & ~is_asked_often]["scored_on"].min()
    assert first > "2017-05-24"
    assert table["as_of_date"].unique().tolist() == ["2017-10-01"]


def test_a_scorecard_is_learned_from_the_cutoffs_that_are_closed(table):
    facts = facts_of(table, CUTOFFS[4], "lapse")
    assert facts.loc["first_cutoff", "value_text"] == "2017-03-01"
    # 56 days before 2017-06-21, to the day.
    assert facts.loc["last_cutoff", "value_text"] == "2017-04-26"
    assert facts.loc["rows", "value_number"] == 3 * CUSTOMERS
    assert facts.loc["customers", "value_number"] == CUSTOMERS
    decline = facts_of(table, AS_OF, "decline")
    asked = CUSTOMERS - len(range(0, CUSTOMERS, 7))
    assert decline.loc["customers", "value_number"] == asked
    assert decline.loc["last_cutoff", "value_text"] == "2017-07-19"


def test_a_day_short_of_the_horizon_is_too_early(examples, features, texts):
    moved = {**texts, "risk_horizon_days": str(HORIZON + 1)}
    facts = facts_of(fit_risk(examples, features, moved), CUTOFFS[4], "lapse")
    assert facts.loc["last_cutoff", "value_text"] == "2017-03-29"


@pytest.mark.parametrize("scored_on", [*CUTOFFS[1:], AS_OF])
def test_nothing_later_enters_to_the_last_bit(
    examples, features, texts, table, scored_on
):
    dates = pd.to_datetime(examples["scored_on"])
    is_later = dates + pd.Timedelta(days=HORIZON) > scored_on
    earlier = table[table["scored_on"] <= scored_on.date().isoformat()]
    generator = np.random.default_rng(5)

    changed = examples.copy()
    changed.loc[is_later, LABELS] = generator.integers(0, 2, (is_later.sum(), 3))
    changed.loc[is_later, FEATURES] = generator.normal(size=(is_later.sum(), 3)) * 99
    # A date without rows is not scored: those up to the date keep one row.
    is_kept = ~is_later | ((dates <= scored_on) & ~dates.duplicated())
    for other in (changed, examples[is_kept], examples[~(dates > scored_on)]):
        found = fit_risk(other, features, texts)
        found = found[found["scored_on"] <= scored_on.date().isoformat()]
        pd.testing.assert_frame_equal(
            found.reset_index(drop=True), earlier.reset_index(drop=True), rtol=0, atol=0
        )


def test_a_scorecard_is_the_same_whichever_build_learns_it(examples, features, texts):
    """What was learned for a cut-off is what a build on that day would have learned."""
    day = CUTOFFS[5]
    then = examples[pd.to_datetime(examples["scored_on"]) <= day].copy()
    is_open = pd.to_datetime(then["scored_on"]) + pd.Timedelta(days=HORIZON) > day
    then.loc[is_open, LABELS] = np.nan
    built = fit_risk(then, features, {**texts, "as_of_date": day.date().isoformat()})
    today = fit_risk(examples, features, texts)
    on = day.date().isoformat()
    columns = [column for column in today if column != "as_of_date"]
    pd.testing.assert_frame_equal(
        built.loc[built["scored_on"] == on, columns].reset_index(drop=True),
        today.loc[today["scored_on"] == on, columns].reset_index(drop=True),
        rtol=0,
        atol=0,
    )


def test_scorecards_rank_the_future_and_explain_it(examples, table):
    scored = examples[examples["scored_on"] == CUTOFFS[4].date()]
    for target, leading in [("lapse", "recency"), ("decline", "trend")]:
        card = table[(table["scored_on"] == "2017-06-21") & (table["target"] == target)]
        found = score(card, scored)
        known = scored[f"{target}_label"].notna()
        labels = scored.loc[known, f"{target}_label"]
        assert roc_auc_score(labels, found.probability[known]) > 0.65
        spread = found.contributions.std()
        assert spread.idxmax() == leading
        np.testing.assert_allclose(
            found.probability.mean(), labels.mean(), atol=3 * 0.5 / np.sqrt(CUSTOMERS)
        )


def test_shuffled_labels_are_not_ranked(features, texts):
    generator = np.random.default_rng(2)
    rows = 12_000
    examples = pd.DataFrame(generator.normal(size=(rows, 3)), columns=FEATURES)
    examples["scored_on"] = pd.to_datetime("2017-03-01")
    examples["customer_id"] = np.arange(rows).astype(str)
    examples["lapse_label"] = (generator.random(rows) < 0.3) * 1.0
    examples[["decline_label", "return_label"]] = np.nan
    found = fit_risk(examples, features, texts)
    lapse = facts_of(found, AS_OF, "lapse")["value_number"]
    assert abs(lapse["out_of_fold_auc"] - 0.5) < 0.03
    decline = facts_of(found, AS_OF, "decline")["value_text"]
    assert decline["status"] == "too_few_events"


def test_order_and_types_of_the_inputs_do_not_matter(examples, features, texts, table):
    other = examples.sample(frac=1, random_state=3)
    other = other[reversed(other.columns)].astype({"lapse_label": "Float64"})
    other["scored_on"] = pd.to_datetime(other["scored_on"])
    shuffled = features.sample(frac=1, random_state=4)
    found = fit_risk(other, shuffled, {**texts, "unknown": "ignored"})
    pd.testing.assert_frame_equal(found, table, rtol=0, atol=0)
    keys = ["scored_on", "target", "part", "item", "name"]
    assert not table.duplicated(keys).any()


def test_one_class_only_is_a_status(examples, features, texts):
    found = fit_risk(examples.assign(lapse_label=0.0), features, texts)
    facts = facts_of(found, AS_OF, "lapse")
    assert facts.loc["status", "value_text"] == "too_few_events"
    assert facts.loc["base_rate", "value_number"] == 0
    assert facts_of(found, AS_OF, "decline").loc["status", "value_text"] == "fitted"


def test_without_examples_the_as_of_date_says_so(examples, features, texts, table):
    found = fit_risk(examples.iloc[:0], features, texts)
    assert set(found["scored_on"]) == {"2017-10-01"}
    facts = facts_of(found, AS_OF, "lapse")
    assert facts.loc["status", "value_text"] == "too_few_events"
    assert pd.isna(facts.loc["first_cutoff", "value_text"])
    pd.testing.assert_series_equal(found.dtypes, table.dtypes)


def test_without_anything_the_table_is_empty_and_typed(examples, features, table):
    found = fit_risk(examples.iloc[:0], features.iloc[:0], {})
    assert found.empty
    pd.testing.assert_series_equal(found.dtypes, table.dtypes)


def test_without_features_nothing_is_learned(examples, features, texts):
    found = fit_risk(examples, features.iloc[:0], texts)
    status = facts_of(found, AS_OF, "lapse").loc["status", "value_text"]
    assert status == "no_features"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lapse_label": 0.5}, "label"),
        ({"recency": np.inf}, "finite"),
        ({"customer_id": "c0001"}, "two rows"),
        ({"scored_on": pd.Timestamp("2017-10-02").date()}, "after 2017-10-01"),
    ],
)
def test_impossible_examples_are_refused(examples, features, texts, change, message):
    with pytest.raises(ValueError, match=message):
        fit_risk(examples.assign(**change), features, texts)


def test_impossible_features_are_refused(examples, features, texts):
    for broken, message in [
        (features.assign(transform="sqrt"), "sqrt"),
        (features.assign(lapse_direction="left"), "left"),
        (features.assign(feature="recency"), "twice"),
        (features.assign(feature=["recency", "trend", "gone"]), "gone"),
    ]:
        with pytest.raises(ValueError, match=message):
            fit_risk(examples, broken, texts)


def test_directions_are_those_of_a_lapse(examples, features, texts):
    """Recency is planted to raise both; turned around, a lapse must do without it."""
    turned = features.assign(lapse_direction=["down", None, None])
    table = fit_risk(examples, turned, texts)
    rows = table[(table["item"] == "recency") & (table["name"] == "weight")]
    last = rows[rows["scored_on"] == rows["scored_on"].max()].set_index("target")
    assert last.loc["lapse", "value_number"] == 0
    assert last.loc["decline", "value_number"] > 0.1


class FakeDbt:
    def __init__(self, frames: dict[str, pd.DataFrame]) -> None:
        self.frames = frames

    def ref(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def test_the_thin_model_hands_over_the_right_tables(examples, features, texts, table):
    path = PROJECT / "models/learning/ml_risk_parameters.py"
    specification = importlib.util.spec_from_file_location("thin_risk", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    settings = pd.DataFrame({"setting": texts.keys(), "setting_value": texts.values()})
    frames = {
        "ml_risk_examples": examples,
        "risk_features": features,
        "int_settings_resolved": settings,
    }
    pd.testing.assert_frame_equal(module.model(FakeDbt(frames), None), table)
