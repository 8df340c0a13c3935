"""Published churn data, planted leaks, and scores that are not learned from oneself."""

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from segmentation.calibration import calibration_error
from segmentation.outcomes import fit_outcomes
from segmentation.scorecard import score

PROJECT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {
        "connector": "planted",
        "as_of_date": "2018-01-01",
        "minimum_risk_events": "30",
        "isotonic_minimum_events": "1000",
        "risk_folds": "5",
        "random_seed": "20170101",
        "leakage_auc": "0.98",
        "skewness_limit": "1.0",
    }


def lengthen(
    wide: pd.DataFrame, categories: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Long values and kinds of a wide frame, indexed by customer."""
    values = wide.rename_axis("customer_id").reset_index()
    values = values.melt("customer_id", var_name="feature", value_name="value")
    kinds = pd.DataFrame({"feature": wide.columns, "kind": "number", "family": "f"})
    kinds.loc[kinds["feature"].isin(categories), "kind"] = "category"
    return values, kinds


def spread_levels(
    table: pd.DataFrame, numbers: list[str], categories: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Numbers as they are, and a 0/1 column 'attribute: level' per level."""
    levels = {
        f"{attribute}: {level}": (table[attribute] == level) * 1.0
        for attribute in categories
        for level in sorted(table[attribute].dropna().unique())
        if (table[attribute] == level).mean() >= 0.005
    }
    wide = pd.concat([table[numbers].astype(float), pd.DataFrame(levels)], axis=1)
    return lengthen(wide, tuple(levels))


def plant(customers: int = 3000) -> tuple[pd.DataFrame, np.ndarray]:
    generator = np.random.default_rng(41)
    wide = pd.DataFrame(
        generator.normal(size=(customers, 3)),
        columns=["tenure", "tone", "visits"],
        index=[f"c{number:05d}" for number in range(customers)],
    )
    risk = expit(-1 + 1.2 * wide["tenure"] - 0.6 * wide["tone"])
    labels = (generator.random(customers) < risk).to_numpy()
    return wide.assign(visits=np.exp(wide["visits"] * 1.5)), labels


def label(wide: pd.DataFrame, labels: np.ndarray, outcome: str = "churned"):
    return pd.DataFrame(
        {"customer_id": wide.index, "outcome": outcome, "value": labels}
    )


def facts_of(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["part"] == "scorecard"].set_index("name")


def reasons_of(table: pd.DataFrame) -> dict[str, str]:
    rows = table[table["part"] == "feature"]
    is_used = rows[rows["name"] == "is_used"].set_index("item")["value_number"]
    reasons = rows[rows["name"] == "reason"].set_index("item")["value_text"]
    pd.testing.assert_series_equal(is_used == 1, reasons.isna(), check_names=False)
    return reasons.dropna().to_dict()


def out_of_fold(table: pd.DataFrame) -> pd.DataFrame:
    rows = table[table["part"] == "out_of_fold"]
    return rows.pivot(index="item", columns="name", values="value_number")


def test_telco_churn_is_ranked_as_published(test_data, texts):
    table = pd.read_csv(test_data("telco_ibm") / "Telco-Customer-Churn.csv")
    table = table.set_index("customerID")
    # Blank for the eleven customers of tenure 0, who have not been billed yet.
    charges = pd.to_numeric(table["TotalCharges"], errors="coerce")
    assert (table.loc[charges.isna(), "tenure"] == 0).all()
    table["TotalCharges"] = charges.fillna(0)
    numbers = ["tenure", "MonthlyCharges", "TotalCharges"]
    categories = [name for name in table if name not in [*numbers, "Churn"]]
    outcomes = label(table, table["Churn"] == "Yes")
    found = fit_outcomes(outcomes, *spread_levels(table, numbers, categories), texts)
    facts = facts_of(found)
    assert facts.loc["rows", "value_number"] == 7043
    assert facts.loc["events", "value_number"] == 1869
    assert facts.loc["out_of_fold_auc", "value_number"] >= 0.84
    assert facts.loc["calibration", "value_text"] == "isotonic"
    assert reasons_of(found) == {}
    scores = out_of_fold(found).loc[table.index, "probability"]
    truth = outcomes.set_index("customer_id")["value"]
    assert roc_auc_score(truth, scores) >= 0.84
    assert scores.mean() == pytest.approx(1869 / 7043, abs=1e-6)
    assert calibration_error(truth.to_numpy(dtype=float), scores.to_numpy()) < 0.01


def test_columns_that_know_a_cancellation_are_named_and_left_out(test_data, texts):
    table = pd.read_parquet(test_data("hotel_bookings") / "hotel_bookings.parquet")
    table.index = [f"b{number:06d}" for number in range(len(table))]
    digest = [hashlib.md5(key.encode()).hexdigest() for key in table.index]
    table = table.iloc[np.argsort(digest)[:10_000]]
    numbers = ["lead_time", "adults", "previous_cancellations", "adr"]
    numbers += ["booking_changes", "total_of_special_requests", "days_in_waiting_list"]
    categories = ["hotel", "meal", "market_segment", "deposit_type", "customer_type"]
    categories += ["reservation_status"]
    outcomes = label(table, table["is_canceled"] == 1, "is_canceled")
    found = fit_outcomes(outcomes, *spread_levels(table, numbers, categories), texts)
    reasons = reasons_of(found)
    assert {name.partition(":")[0] for name in reasons} == {
        "deposit_type",
        "reservation_status",
    }
    assert "99.6% of the 1,250 customers" in reasons["deposit_type: Non Refund"]
    assert "deposit_type: Non Refund" in reasons["deposit_type: No Deposit"]
    assert "100.0%" in reasons["reservation_status: Canceled"]
    weights = found[(found["part"] == "feature") & (found["name"] == "weight")]
    weights = weights.set_index("item")["value_number"]
    assert (weights[list(reasons)] == 0).all()
    assert 0.7 < facts_of(found).loc["out_of_fold_auc", "value_number"] < 0.9


def test_planted_leaks_are_named_and_honest_features_stay(texts):
    wide, labels = plant()
    generator = np.random.default_rng(43)
    noise = generator.normal(size=len(wide))
    is_lucky = generator.random(len(wide)) < 0.3
    leaks = {
        # Alone nearly the outcome, in a straight line or not.
        "refund": labels * 3.0 + noise * 0.1,
        "remarks": np.where(labels, noise, 10 * np.sign(noise) + noise),
        # Written down when the outcome is known.
        "exit_survey": np.where(labels, noise, np.nan),
        "some_exit_surveys": np.where(labels & is_lucky, noise, np.nan),
        "renewed_at_price": np.where(~labels & is_lucky, noise, np.nan),
        # A level, and by it the other levels of the attribute.
        "status: closing": (labels & is_lucky) * 1.0,
        "status: gold": (~(labels & is_lucky) & (noise > 0)) * 1.0,
    }
    wide = wide.assign(**leaks)
    wide["status: tin"] = 1.0 - wide["status: closing"] - wide["status: gold"]
    # Known for some, but for reasons of its own.
    wide["income"] = np.where(noise > 0.5, np.nan, noise)
    wide["plan: family"] = (noise > 1) * 1.0
    values, kinds = lengthen(wide, tuple(name for name in wide if ":" in name))
    table = fit_outcomes(label(wide, labels), values, kinds, texts)
    reasons = reasons_of(table)
    assert set(reasons) == {*leaks, "status: tin"}
    assert "with an AUC of 1.000, at least 0.98" in reasons["refund"]
    assert "AUC" in reasons["remarks"]
    assert reasons["exit_survey"].startswith("known for 100.0% of the customers")
    assert "for 0.0% of those without it" in reasons["some_exit_surveys"]
    assert "known for 0.0% of the customers with" in reasons["renewed_at_price"]
    assert "'status: closing'" in reasons["status: tin"]
    honest = fit_outcomes(
        label(wide, labels),
        *lengthen(wide.drop(columns=list(reasons)), ("plan: family",)),
        texts,
    )
    pd.testing.assert_frame_equal(
        facts_of(honest)[["value_number", "value_text"]],
        facts_of(table)[["value_number", "value_text"]],
    )


@pytest.mark.parametrize(
    ("customers", "with_outcome", "is_leak"),
    [(30, 30, True), (29, 29, False), (100, 99, True), (100, 98, False)],
)
def test_a_level_leaks_from_99_percent_of_30_customers_on(
    texts, customers, with_outcome, is_leak
):
    wide, labels = plant()
    members = np.r_[
        np.flatnonzero(labels)[:with_outcome],
        np.flatnonzero(~labels)[: customers - with_outcome],
    ]
    wide["note: x"] = np.isin(np.arange(len(wide)), members) * 1.0
    values, kinds = lengthen(wide, ("note: x",))
    reasons = reasons_of(fit_outcomes(label(wide, labels), values, kinds, texts))
    assert (set(reasons) == {"note: x"}) is is_leak


def test_a_common_outcome_does_not_make_every_level_a_leak(texts):
    wide, _ = plant()
    generator = np.random.default_rng(44)
    labels = generator.random(len(wide)) < 0.985
    # All of forty have it, as 0.985 ** 40 = 55 % of such groups do.
    wide["note: x"] = np.isin(np.arange(3000), np.flatnonzero(labels)[:40]) * 1.0
    values, kinds = lengthen(wide, ("note: x",))
    assert reasons_of(fit_outcomes(label(wide, labels), values, kinds, texts)) == {}


def test_skewed_numbers_are_taken_in_logarithms(texts, text):
    wide, labels = plant()
    wide["balance"] = -wide["visits"]
    table = fit_outcomes(label(wide, labels), *lengthen(wide), texts)
    assert text(table, "feature", "visits", "transform") == "log1p"
    assert text(table, "feature", "tenure", "transform") == "none"
    # Skewed as well, but negative.
    assert text(table, "feature", "balance", "transform") == "none"


def test_out_of_fold_scores_come_from_fits_without_the_customer(texts):
    generator = np.random.default_rng(45)
    # As many features as events: what a fit says of its own rows is worthless.
    wide = pd.DataFrame(
        generator.normal(size=(300, 100)),
        columns=[f"x{number:03d}" for number in range(100)],
        index=[f"c{number:03d}" for number in range(300)],
    )
    labels = generator.random(300) < 0.4
    table = fit_outcomes(label(wide, labels), *lengthen(wide), texts)
    in_sample = score(table, wide).logit
    assert roc_auc_score(labels, in_sample) > 0.75
    found = out_of_fold(table).loc[wide.index]
    assert abs(roc_auc_score(labels, found["probability"]) - 0.5) < 0.1
    assert sorted(found["fold"].unique()) == [0, 1, 2, 3, 4]


def test_each_outcome_is_learned_from_those_for_whom_it_is_known(texts):
    wide, labels = plant()
    known = label(wide, labels).astype({"value": "boolean"})
    known.loc[known.index % 10 == 0, "value"] = pd.NA
    few = label(wide, labels, "responded").head(40)
    stranger = pd.DataFrame(
        {"customer_id": ["nobody"], "outcome": ["churned"], "value": [True]}
    )
    table = fit_outcomes(pd.concat([known, few, stranger]), *lengthen(wide), texts)
    by_target = {target: rows for target, rows in table.groupby("target")}
    churned = facts_of(by_target["churned"])
    # A customer without a single value is scored at the average.
    assert churned.loc["rows", "value_number"] == 2701
    assert len(out_of_fold(by_target["churned"])) == 2701
    responded = facts_of(by_target["responded"])
    assert responded.loc["status", "value_text"] == "too_few_events"
    assert set(by_target["responded"]["part"]) == {"scorecard"}
    assert set(table["scored_on"]) == {"2018-01-01"}


def test_order_of_the_inputs_does_not_matter(texts):
    wide, labels = plant()
    outcomes, (values, kinds) = label(wide, labels), lengthen(wide)
    table = fit_outcomes(outcomes, values, kinds, texts)
    shuffled = fit_outcomes(
        outcomes.sample(frac=1, random_state=1),
        values.sample(frac=1, random_state=2),
        kinds.sample(frac=1, random_state=3),
        texts,
    )
    pd.testing.assert_frame_equal(shuffled, table, rtol=0, atol=0)
    assert not table.duplicated(["target", "part", "item", "name"]).any()


def test_shuffled_labels_are_not_ranked(texts):
    wide, labels = plant(12_000)
    shuffled = np.random.default_rng(46).permutation(labels)
    table = fit_outcomes(label(wide, shuffled), *lengthen(wide), texts)
    auc = facts_of(table).loc["out_of_fold_auc", "value_number"]
    assert abs(auc - 0.5) < 0.03


def test_no_outcome_gives_an_empty_table_with_the_same_types(texts):
    wide, labels = plant(300)
    values, kinds = lengthen(wide)
    full = fit_outcomes(label(wide, labels), values, kinds, texts)
    for settings in (texts, {}):
        empty = fit_outcomes(
            label(wide, labels).iloc[:0], values.iloc[:0], kinds.iloc[:0], settings
        )
        assert empty.empty
        pd.testing.assert_series_equal(empty.dtypes, full.dtypes)


def test_without_features_an_outcome_has_a_status(texts):
    wide, labels = plant(300)
    values, kinds = lengthen(wide)
    table = fit_outcomes(label(wide, labels), values.iloc[:0], kinds.iloc[:0], texts)
    assert facts_of(table).loc["status", "value_text"] == "no_features"
    absent = fit_outcomes(label(wide, labels), values.iloc[:0], kinds, texts)
    assert "missing in all 300 rows" in reasons_of(absent)["tenure"]


def test_impossible_inputs_are_refused(texts):
    wide, labels = plant(300)
    outcomes, (values, kinds) = label(wide, labels), lengthen(wide)
    twice = pd.concat([outcomes, outcomes])
    for arguments, message in [
        ((twice, values, kinds), "twice"),
        ((outcomes, pd.concat([values, values]), kinds), "two values"),
        ((outcomes, values, pd.concat([kinds, kinds])), "twice"),
        ((outcomes, values, kinds.assign(kind="word")), "'number' or 'category'"),
        ((outcomes, values, kinds.assign(kind="category")), "0, 1 or missing"),
        ((outcomes, values.assign(value=np.inf), kinds), "finite"),
    ]:
        with pytest.raises(ValueError, match=message):
            fit_outcomes(*arguments, texts)
    with pytest.raises(ValueError, match="'leakage_auc'"):
        fit_outcomes(outcomes, values, kinds, {**texts, "leakage_auc": "2"})


class FakeDbt:
    def __init__(self, frames: dict[str, pd.DataFrame]) -> None:
        self.frames = frames

    def ref(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def test_the_thin_model_hands_over_the_right_tables(texts):
    path = PROJECT / "models/learning/ml_outcome_parameters.py"
    specification = importlib.util.spec_from_file_location("thin_outcomes", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    wide, labels = plant(300)
    outcomes, (values, kinds) = label(wide, labels), lengthen(wide)
    settings = pd.DataFrame({"setting": texts.keys(), "setting_value": texts.values()})
    frames = {
        "int_customer_outcomes_identified": outcomes,
        "int_outcome_features_collected": values.merge(kinds, on="feature"),
        "int_settings_resolved": settings,
    }
    pd.testing.assert_frame_equal(
        module.model(FakeDbt(frames), None),
        fit_outcomes(outcomes, values, kinds, texts),
    )
