"""Planted weights, formulas worked by hand, and reasons instead of scorecards."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from segmentation.calibration import calibration_error
from segmentation.scorecard import (
    TRANSFORMS,
    ScorecardSettings,
    assign_folds,
    fit_scorecard,
    fit_weights,
    join_tables,
    parameter_table,
    score,
    version_of,
)

WEIGHTS = np.array([0.8, -0.5, 0.3, 0.0])
INTERCEPT = -1.0


@pytest.fixture(scope="module")
def learning() -> ScorecardSettings:
    return ScorecardSettings.from_text(
        {
            "connector": "planted",
            "as_of_date": "2018-01-01",
            "minimum_risk_events": "30",
            "isotonic_minimum_events": "1000000",
            "risk_folds": "5",
            "random_seed": "20170101",
        }
    )


def plant(rows: int, seed: int = 11) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Values of four features, the last of which says nothing, with their truth."""
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(rows, 4))
    truth = expit(INTERCEPT + points @ WEIGHTS)
    labels = (generator.random(rows) < truth).astype(float)
    values = pd.DataFrame(points, columns=["a", "b", "c", "d"])
    return values * [2, 3, 1, 1] + [5, 0, 0, -4], labels, truth


def describe(values: pd.DataFrame, transform: str = "none") -> pd.DataFrame:
    return pd.DataFrame(
        {"transform": transform, "direction": 0, "reason": None},
        index=values.columns,
        dtype=object,
    )


def fit(values: pd.DataFrame, labels: np.ndarray, learning, features=None):
    customers = [f"c{number}" for number in range(len(values))]
    return fit_scorecard(
        values,
        labels,
        assign_folds(customers, learning),
        len(customers),
        describe(values) if features is None else features,
        learning,
    )


def table_of(card, learning) -> pd.DataFrame:
    return join_tables(
        [parameter_table(card.rows(), "2018-01-01", "lapse", "v", learning)]
    )


@pytest.mark.parametrize("seed", range(8))
def test_weights_within_their_directions_are_the_best(seed):
    """Against scipy's L-BFGS-B with bounds: the same optimum by another method."""
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(300, 6)) @ generator.normal(size=(6, 6))
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    labels = (generator.random(300) < expit(points[:, 0] - 1)).astype(float)
    directions = np.array([-1, -1, 1, -1, 1, 0])

    def loss(parameters):
        logits = points @ parameters[:-1] + parameters[-1]
        errors = 0.1 * (expit(logits) - labels)
        losses = 0.1 * (np.logaddexp(0, logits) - labels * logits)
        penalty = (parameters[:-1] ** 2).sum() / 2
        gradient = np.append(points.T @ errors + parameters[:-1], errors.sum())
        return losses.sum() + penalty, gradient

    up, down, free = (0, None), (None, 0), (None, None)
    bounds = [down, down, up, down, up, free, free]
    best = minimize(
        loss,
        np.zeros(7),
        jac=True,
        bounds=bounds,
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 10_000},
    )
    weights, intercept = fit_weights(points, labels, 0.1, directions)
    np.testing.assert_allclose([*weights, intercept], best.x, atol=1e-6)
    assert (weights * directions >= 0).all()
    # The first raises the risk and may not.
    assert weights[0] == 0


def test_nothing_is_learned_against_every_direction():
    points = np.array([[-2.0], [-1.0], [0.0], [1.0], [2.0]])
    labels = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
    weights, intercept = fit_weights(points, labels, 1.0, np.array([1]))
    assert weights == [0]
    # Two of five.
    assert intercept == pytest.approx(np.log(2 / 3))


def test_a_direction_is_kept_by_the_scorecard(learning):
    values, labels, _ = plant(2_000)
    features = describe(values).assign(direction=[-1, -1, 1, 0])
    card = fit(values, labels, learning, features)
    assert card.features.loc["a", "weight"] == 0
    assert card.features.loc["b", "weight"] < 0
    assert card.features.loc["c", "weight"] > 0


def test_a_planted_truth_is_found_within_its_standard_errors(learning):
    values, labels, truth = plant(20_000)
    card = fit(values, labels, learning)
    columns = np.column_stack([values.to_numpy(), np.ones(len(values))])
    information = columns.T * (truth * (1 - truth)) @ columns
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    slopes = card.features["weight"] / card.features["scale"]
    planted = WEIGHTS / [2, 3, 1, 1]
    assert (np.abs(slopes - planted) < 3 * errors[:4]).all()
    # From the standardised scale back to the raw one.
    intercept = card.facts["intercept"] - (slopes * card.features["centre"]).sum()
    planted_intercept = INTERCEPT - planted @ [5, 0, 0, -4]
    assert abs(intercept - planted_intercept) < 3 * errors[4]


def test_planted_probabilities_are_found_in_rows_that_were_not_in_the_fit(learning):
    values, labels, _ = plant(20_000)
    fresh, fresh_labels, truth = plant(20_000, seed=12)
    found = score(table_of(fit(values, labels, learning), learning), fresh)
    assert calibration_error(fresh_labels, found.probability) < 0.015
    assert np.abs(found.probability - truth).max() < 0.05


def test_out_of_fold_probabilities_have_the_mean_of_the_labels(learning):
    values, labels, _ = plant(3000)
    card = fit(values, labels, learning)
    assert card.facts["calibration"] == "platt"
    assert card.out_of_fold.mean() == pytest.approx(labels.mean(), abs=1e-8)


def test_contributions_and_intercept_are_the_logit(learning):
    values, labels, _ = plant(3000)
    values = values.mask(np.random.default_rng(1).random(values.shape) < 0.1)
    card = fit(values, labels, learning)
    found = score(table_of(card, learning), values)
    facts, first = card.facts, values.iloc[0]
    by_hand = facts["intercept"] + sum(
        learned["weight"] * (first[feature] - learned["centre"]) / learned["scale"]
        for feature, learned in card.features.iterrows()
        if not np.isnan(first[feature])
    )
    assert found.logit.iloc[0] == pytest.approx(by_hand, abs=1e-9)
    np.testing.assert_allclose(
        found.logit, facts["intercept"] + found.contributions.sum(axis=1), atol=1e-9
    )
    np.testing.assert_allclose(
        found.probability,
        expit(facts["platt_slope"] * found.logit + facts["platt_intercept"]),
        atol=1e-9,
    )
    assert (found.contributions.to_numpy()[values.isna().to_numpy()] == 0).all()


def test_an_isotonic_scorecard_is_scored_from_its_knots(learning):
    values, labels, truth = plant(20_000)
    isotonic = ScorecardSettings(
        **{**vars(learning), "isotonic_minimum_events": int(labels.sum())}
    )
    card = fit(values, labels, isotonic)
    table = table_of(card, isotonic)
    assert card.facts["calibration"] == "isotonic"
    assert card.facts["platt_slope"] is None
    knots = table[table["part"] == "calibration"]
    assert knots["item"].unique().tolist() == [
        f"{number:02d}" for number in range(1, len(card.calibration.knots) + 1)
    ]
    found = score(table, values)
    np.testing.assert_allclose(
        found.probability, card.calibration.probabilities(found.logit.to_numpy())
    )
    assert np.abs(found.probability - truth).mean() < 0.02


def test_shuffled_labels_are_not_ranked(learning):
    values, labels, _ = plant(8000)
    shuffled = np.random.default_rng(2).permutation(labels)
    card = fit(values, shuffled, learning)
    assert abs(card.facts["out_of_fold_auc"] - 0.5) < 0.03
    # Nothing to learn: the strongest penalty loses least.
    assert card.facts["regularisation"] == 0.001
    fresh, fresh_labels, _ = plant(4000, seed=13)
    found = score(table_of(card, learning), fresh)
    assert calibration_error(fresh_labels, found.probability) < 0.2
    assert found.probability.std() < 0.02


@pytest.mark.parametrize(
    ("transform", "raw", "expected"),
    [
        ("none", -2.5, -2.5),
        ("log1p", 0.0, 0.0),
        ("log1p", np.e - 1, 1.0),
        ("log1p", -3.0, 0.0),
        ("log", np.e, 1.0),
        ("log", 0.0, np.log(1e-6)),
        ("logit", 0.5, 0.0),
        ("logit", 0.9, np.log(9)),
        ("logit", 1.0, np.log((1 - 1e-6) / 1e-6)),
        ("logit", -1.0, np.log(1e-6 / (1 - 1e-6))),
        ("logit", np.nan, np.nan),
        ("log", np.nan, np.nan),
        ("log1p", np.nan, np.nan),
    ],
)
def test_transforms(transform, raw, expected):
    found = TRANSFORMS[transform](np.array([raw]))
    np.testing.assert_allclose(found, [expected], atol=1e-12)


def test_centre_and_scale_are_those_of_the_transformed_and_imputed_column(learning):
    _, labels, _ = plant(400)
    raw = np.tile([np.e - 1, np.e**3 - 1, np.nan, np.nan], 100)
    values = pd.DataFrame({"x": raw})
    learned = fit(values, labels, learning, describe(values, "log1p")).features.loc["x"]
    # Known values are 1 and 3; half are imputed with their mean, 2.
    assert learned["centre"] == pytest.approx(2)
    assert learned["scale"] == pytest.approx(np.sqrt(0.5))


def test_features_without_news_are_left_out_with_a_reason(learning, number, text):
    values, labels, _ = plant(2000)
    values = values.assign(same=0.1, absent=np.nan, barred=labels)
    values.loc[3, "same"] = np.nan
    features = describe(values)
    features.loc["barred", "reason"] = "known too late"
    card = fit(values, labels, learning, features)
    table = table_of(card, learning)
    for feature, reason in [
        ("same", "the same in all 1,999 rows that have it"),
        ("absent", "missing in all 2,000 rows"),
        ("barred", "known too late"),
    ]:
        assert number(table, "feature", feature, "weight") == 0
        assert number(table, "feature", feature, "is_used") == 0
        assert text(table, "feature", feature, "reason") == reason
    assert number(table, "feature", "a", "is_used") == 1
    assert pd.isna(text(table, "feature", "a", "reason"))
    assert list(score(table, values).contributions) == ["a", "b", "c", "d"]
    plain = fit(values[["a", "b", "c", "d"]], labels, learning)
    assert plain.facts == card.facts


@pytest.mark.parametrize(("events", "others"), [(29, 200), (200, 29), (0, 300), (0, 0)])
def test_too_few_events_are_a_status_with_numbers(learning, events, others):
    values, _, _ = plant(events + others)
    labels = np.r_[np.ones(events), np.zeros(others)]
    card = fit(values, labels, learning)
    assert card.facts["status"] == "too_few_events"
    assert f"{events} rows with the event and {others} without" in card.facts["reason"]
    assert "`minimum_risk_events`" in card.facts["reason"]
    assert (card.facts["rows"], card.facts["events"]) == (events + others, events)
    table = table_of(card, learning)
    assert set(table["part"]) == {"scorecard"}
    with pytest.raises(ValueError, match="one fitted scorecard"):
        score(table, values)


def test_thirty_events_and_thirty_others_are_enough(learning):
    values, _, _ = plant(60)
    card = fit(values, np.tile([0.0, 1.0], 30), learning)
    assert card.facts["status"] == "fitted"


def test_events_of_one_customer_cannot_be_checked_on_others(learning):
    values, _, _ = plant(400)
    labels = np.r_[np.ones(50), np.zeros(350)]
    customers = [*["c0"] * 50, *[f"c{number}" for number in range(1, 351)]]
    folds = assign_folds(customers, learning)
    card = fit_scorecard(values, labels, folds, 351, describe(values), learning)
    assert card.facts["status"] == "too_few_customers"


def test_without_a_feature_nothing_is_learned_and_each_says_why(learning, text):
    values, labels, _ = plant(500)
    card = fit(values[["a"]] * 0, labels, learning)
    table = table_of(card, learning)
    assert card.facts["status"] == "no_features"
    assert "the same" in text(table, "feature", "a", "reason")
    assert fit(values[[]], labels, learning).facts["status"] == "no_features"


def test_a_customer_is_in_one_fold_and_folds_are_about_equal(learning):
    customers = [f"c{number}" for number in range(5000)]
    folds = assign_folds(customers * 2, learning)
    np.testing.assert_array_equal(folds[:5000], folds[5000:])
    assert np.bincount(folds[:5000]) == pytest.approx([1000] * 5, rel=0.1)
    reseeded = ScorecardSettings(**{**vars(learning), "random_seed": 1})
    assert (assign_folds(customers, reseeded) != folds[:5000]).mean() > 0.7


def test_the_version_says_rows_features_and_settings(learning):
    values, labels, _ = plant(50)
    features = describe(values)
    version = version_of(values.index.astype(str), values, labels, features, learning)
    assert len(version) == 12
    others = [
        version_of(["x"] * 50, values, labels, features, learning),
        version_of(values.index.astype(str), values + 1, labels, features, learning),
        version_of(values.index.astype(str), values, 1 - labels, features, learning),
        version_of(
            values.index.astype(str), values, labels, describe(values, "log"), learning
        ),
        version_of(
            values.index.astype(str),
            values,
            labels,
            features,
            ScorecardSettings(**{**vars(learning), "risk_folds": 4}),
        ),
    ]
    assert len({version, *others}) == 6
    later = ScorecardSettings(**{**vars(learning), "connector": "other"})
    assert version == version_of(
        values.index.astype(str), values, labels, features, later
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("connector", None),
        ("as_of_date", "soon"),
        ("minimum_risk_events", "1"),
        ("isotonic_minimum_events", "many"),
        ("risk_folds", "1"),
        ("random_seed", "-1"),
    ],
)
def test_an_unreadable_setting_is_named(learning, name, value):
    texts = {key: str(setting) for key, setting in vars(learning).items()}
    with pytest.raises(ValueError, match=f"'{name}'"):
        ScorecardSettings.from_text({**texts, name: value})
