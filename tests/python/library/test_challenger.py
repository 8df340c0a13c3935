"""Trees that find what a scorecard cannot, and nothing that was not known yet."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from segmentation.challenger import predict_challenger
from segmentation.risk import fit_risk
from segmentation.scorecard import score

PROJECT = Path(__file__).parents[3]
CUTOFFS = pd.date_range("2017-03-01", periods=6, freq="28D")
CUSTOMERS = 400


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {
        "connector": "planted",
        "as_of_date": "2017-09-13",
        "risk_horizon_days": "56",
        "minimum_risk_events": "30",
        "isotonic_minimum_events": "1000",
        "risk_folds": "5",
        "random_seed": "20170101",
        "challenger_cutoffs": "2",
    }


@pytest.fixture(scope="module")
def features() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "feature": ["a", "b"],
            "transform": "none",
            "lapse_direction": None,
            "theme": "x",
        }
    )


@pytest.fixture(scope="module")
def examples() -> pd.DataFrame:
    """Lapse where exactly one of two features is high; decline where the first is."""
    generator = np.random.default_rng(31)
    rows = len(CUTOFFS) * CUSTOMERS
    points = generator.normal(size=(rows, 2))
    is_high = points > 0
    chances = {
        "lapse": np.where(is_high[:, 0] ^ is_high[:, 1], 0.8, 0.1),
        "decline": np.where(is_high[:, 0], 0.6, 0.2),
    }
    table = pd.DataFrame(
        {
            "scored_on": np.repeat(CUTOFFS, CUSTOMERS),
            "customer_id": np.tile(np.arange(CUSTOMERS), len(CUTOFFS)).astype(str),
            "a": points[:, 0],
            "b": points[:, 1],
        }
    )
    for target, chance in chances.items():
        table[f"{target}_label"] = (generator.random(rows) < chance) * 1.0
    # Closed on the as-of date are the first five: the fifth to the day before.
    table["return_label"] = np.nan
    is_open = table["scored_on"] >= CUTOFFS[5]
    table.loc[is_open, ["lapse_label", "decline_label"]] = np.nan
    table.loc[table.index % 5 == 0, "decline_label"] = np.nan
    return table


@pytest.fixture(scope="module")
def predictions(examples, features, texts) -> pd.DataFrame:
    return predict_challenger(examples, features, texts)


def labelled(predictions, examples, target) -> pd.DataFrame:
    known = examples.assign(scored_on=examples["scored_on"].dt.strftime("%Y-%m-%d"))
    found = predictions[predictions["target"] == target]
    return found.merge(known, on=["scored_on", "customer_id"], validate="1:1")


def test_the_latest_closed_cutoffs_are_predicted_where_the_label_is_known(
    predictions, examples
):
    assert set(predictions["scored_on"]) == {"2017-05-24", "2017-06-21"}
    counts = predictions.groupby(["scored_on", "target"]).size()
    assert counts["2017-06-21", "lapse"] == CUSTOMERS
    assert counts["2017-06-21", "decline"] == CUSTOMERS * 4 / 5
    for target in ("lapse", "decline"):
        rows = labelled(predictions, examples, target)
        assert rows[f"{target}_label"].notna().all()
    assert predictions["probability"].between(0, 1, inclusive="neither").all()


def test_trees_find_an_interaction_that_a_scorecard_misses(
    predictions, examples, features, texts
):
    rows = labelled(predictions, examples, "lapse")
    assert roc_auc_score(rows["lapse_label"], rows["probability"]) > 0.75
    table = fit_risk(examples, features, texts)
    card = table[(table["scored_on"] == "2017-06-21") & (table["target"] == "lapse")]
    last = rows[rows["scored_on"] == "2017-06-21"]
    logit = score(card, last).logit
    assert roc_auc_score(last["lapse_label"], logit) < 0.6


def test_nothing_later_enters(predictions, examples, features, texts):
    cutoff = CUTOFFS[3]
    is_later = examples["scored_on"] + pd.Timedelta(days=56) > cutoff
    changed = examples.copy()
    # Labels only: the features of the cut-off itself are what it is predicted from.
    for target in ("lapse_label", "decline_label"):
        changed.loc[is_later, target] = 1 - changed.loc[is_later, target]
    found = predict_challenger(changed, features, texts)
    on = cutoff.date().isoformat()
    pd.testing.assert_frame_equal(
        found[found["scored_on"] == on], predictions[predictions["scored_on"] == on]
    )


def test_order_and_cores_do_not_matter(predictions, examples, features, texts):
    shuffled = examples.sample(frac=1, random_state=5)
    with threadpool_limits(limits=2):
        found = predict_challenger(shuffled, features.iloc[::-1], texts)
    pd.testing.assert_frame_equal(found, predictions, rtol=0, atol=0)


def test_shuffled_labels_are_not_ranked(examples, features, texts):
    generator = np.random.default_rng(6)
    shuffled = pd.concat([examples] * 6, ignore_index=True)
    shuffled["customer_id"] += "-" + (shuffled.index // len(examples)).astype(str)
    shuffled[["a", "b"]] = generator.normal(size=(len(shuffled), 2))
    shuffled["lapse_label"] = generator.integers(0, 2, len(shuffled)) * 1.0
    found = predict_challenger(shuffled, features, texts)
    rows = labelled(found, shuffled, "lapse")
    assert abs(roc_auc_score(rows["lapse_label"], rows["probability"]) - 0.5) < 0.03


@pytest.mark.parametrize("case", ["empty", "no cutoffs", "too few", "no features"])
def test_without_a_fit_the_frame_is_empty_and_typed(
    predictions, examples, features, texts, case
):
    texts = dict(texts)
    if case == "empty":
        examples, texts = examples.iloc[:0], {}
    elif case == "no cutoffs":
        texts["challenger_cutoffs"] = "0"
    elif case == "too few":
        texts["minimum_risk_events"] = "5000"
    else:
        features = features.iloc[:0]
    found = predict_challenger(examples, features, texts)
    assert found.empty
    pd.testing.assert_series_equal(found.dtypes, predictions.dtypes)


def test_the_setting_is_named_when_it_is_missing(examples, features, texts):
    with pytest.raises(ValueError, match="'challenger_cutoffs'"):
        predict_challenger(examples, features, {**texts, "challenger_cutoffs": None})


class FakeDbt:
    def __init__(self, frames: dict[str, pd.DataFrame]) -> None:
        self.frames = frames

    def ref(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def test_the_thin_model_hands_over_the_right_tables(
    predictions, examples, features, texts
):
    path = PROJECT / "models/learning/ml_risk_challenger.py"
    specification = importlib.util.spec_from_file_location("thin_challenger", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    settings = pd.DataFrame({"setting": texts.keys(), "setting_value": texts.values()})
    frames = {
        "ml_risk_examples": examples,
        "risk_features": features,
        "int_settings_resolved": settings,
    }
    pd.testing.assert_frame_equal(module.model(FakeDbt(frames), None), predictions)
