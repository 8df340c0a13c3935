"""Lift of planted campaigns: coverage, bias, and numbers that a reader can redo."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from segmentation.lift import (
    adjust_p_values,
    holdout_bucket,
    measure_lift,
    newcombe_interval,
)

SETTINGS = {
    "minimum_lift_customers": "50",
    "minimum_lift_responders": "10",
    "lift_false_discovery_rate": "0.1",
    "something_else": "is ignored",
}
COST_PER_CONTACT = 0.5


def sums_of(
    responses: np.ndarray, before: np.ndarray | None = None
) -> dict[str, float]:
    """What SQL would sum over the customers of a group."""
    sums = {
        "customers": len(responses),
        "responders": (responses != 0).sum(),
        "response_amount": responses.sum(),
        "response_squares": (responses**2).sum(),
    }
    if before is None:
        return sums
    return sums | {
        "covariate_amount": before.sum(),
        "covariate_squares": (before**2).sum(),
        "covariate_products": (before * responses).sum(),
    }


def outcomes_of(*groups: tuple[str, bool, dict[str, float]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"campaign_id": "C1", "segment_key": key, "is_holdout": is_holdout, **sums}
            for key, is_holdout, sums in groups
        ]
    )


def plant(
    generator: np.random.Generator,
    replicates: int,
    customers: int,
    rate: float,
    typical: float,
    deviation: float,
) -> pd.DataFrame:
    """Sums of groups whose customers order with a chance, for log-normal amounts."""
    responders = generator.binomial(customers, rate, replicates)
    amounts = np.exp(generator.normal(np.log(typical), deviation, responders.sum()))
    replicate = np.repeat(np.arange(replicates), responders)
    return pd.DataFrame(
        {
            "segment_key": [f"r{number:05d}" for number in range(replicates)],
            "customers": customers,
            "responders": responders,
            "response_amount": np.bincount(replicate, amounts, replicates),
            "response_squares": np.bincount(replicate, amounts**2, replicates),
        }
    )


def measure_replicates(
    replicates: int,
    contacted: int,
    held: int,
    rates: tuple[float, float],
    factor: float,
    deviation: float,
) -> tuple[pd.DataFrame, float]:
    """Measured replicates of a campaign, and the true difference per customer.

    ``rates`` are those of the holdout and of those contacted, whose orders are also
    worth ``factor`` times as much.
    """
    generator = np.random.default_rng([contacted, held, int(1000 * rates[1])])
    groups = [
        plant(generator, replicates, held, rates[0], 20, deviation),
        plant(generator, replicates, contacted, rates[1], 20 * factor, deviation),
    ]
    outcomes = pd.concat(
        [groups[0].assign(is_holdout=True), groups[1].assign(is_holdout=False)]
    ).assign(campaign_id="C1", cost_amount=contacted * COST_PER_CONTACT)
    mean = 20 * np.exp(deviation**2 / 2)
    truth = (rates[1] * factor - rates[0]) * mean
    return measure_lift(outcomes, SETTINGS), truth


def covers(found: pd.DataFrame, truth: float) -> float:
    low, high = found["incremental_low_amount"], found["incremental_high_amount"]
    return ((low <= truth) & (truth <= high)).mean()


def check_replicates(*campaign) -> None:
    """The goals: 90 % intervals cover 87 to 93 %, the bias of ROI is within 3 %."""
    found, truth = measure_replicates(*campaign)
    _, contacted, *_ = campaign
    assert (found["evidence"] == "measured").all()
    assert 0.87 <= covers(found, truth * contacted) <= 0.93
    roi = truth / COST_PER_CONTACT - 1
    # Of what the campaign brings per unit of cost; the mean of replicates is noisy too.
    noise = 2 * found["roi"].std() / np.sqrt(len(found))
    assert abs(found["roi"].mean() - roi) <= 0.03 * (1 + roi) + noise


def test_interval_covers_and_roi_is_unbiased():
    """A small holdout and skewed amounts: Welch's interval covers some 82 %."""
    check_replicates(1500, 9000, 300, (0.1, 0.14), 1.0, 1.2)


@pytest.mark.parametrize(
    "campaign",
    [
        (60, 20, (0.5, 0.65), 1.0, 0.8),
        (60, 20, (0.5, 0.6), 1.0, 1.0),
        (100, 30, (0.3, 0.4), 1.0, 1.0),
        (100, 50, (0.1, 0.15), 1.0, 1.0),
    ],
)
def test_groups_as_small_as_vars_let_through_are_covered(campaign, monkeypatch):
    """The defaults of vars.yml: 20 customers, of whom 5 are expected to order."""
    monkeypatch.setitem(SETTINGS, "minimum_lift_customers", "20")
    monkeypatch.setitem(SETTINGS, "minimum_lift_responders", "5")
    found, truth = measure_replicates(1500, *campaign)
    found = found[found["evidence"] == "measured"]
    assert len(found) > 700
    assert 0.87 <= covers(found, truth * campaign[0]) <= 0.93


@pytest.mark.parametrize(
    "campaign",
    [
        (300, 100, (0.2, 0.28), 1.0, 1.0),
        (900, 300, (0.1, 0.14), 1.0, 1.0),
        (2000, 500, (0.1, 0.14), 1.0, 1.0),
        (2000, 500, (0.1, 0.12), 1.2, 1.0),
        (2000, 500, (0.1, 0.1), 1.0, 1.0),
        (5000, 500, (0.05, 0.07), 1.0, 1.0),
        (9000, 1000, (0.05, 0.07), 1.0, 1.4),
        (9000, 300, (0.1, 0.14), 1.0, 1.2),
        (2000, 2000, (0.05, 0.07), 1.0, 1.0),
        (200, 60, (0.4, 0.5), 1.0, 0.8),
        (20000, 5000, (0.2, 0.22), 1.1, 1.2),
    ],
)
def test_interval_covers_over_many_replicates(campaign):
    replicates = 2000 if campaign[0] < 9000 else 1000
    check_replicates(replicates, *campaign)


def test_bias_of_roi_over_many_replicates():
    """Enough replicates that their noise is below half a percent."""
    found, truth = measure_replicates(20000, 2000, 500, (0.1, 0.2), 1.0, 1.0)
    roi = truth / COST_PER_CONTACT - 1
    assert found["roi"].mean() == pytest.approx(roi, rel=0.03)
    assert found["roi"].std() / np.sqrt(len(found)) < 0.005 * roi


def test_numbers_by_hand():
    """Of 1,000 contacted 200 spend 8,000, of 250 held out 40 spend 1,600.

    Both groups have a ratio of 60 between squares and amounts, so that nothing has to
    be pooled: variances are n / (n - 1) (60 m - m^2) / n.
    """
    contacted = {"customers": 1000, "responders": 200, "response_amount": 8000.0}
    held = {"customers": 250, "responders": 40, "response_amount": 1600.0}
    outcomes = outcomes_of(
        ("x", False, {**contacted, "response_squares": 480e3, "cost_amount": 500.0}),
        ("x", True, {**held, "response_squares": 96e3}),
    )
    found = measure_lift(outcomes, SETTINGS).iloc[0]
    assert found["response_rate"] == 0.2
    assert found["holdout_rate"] == 0.16
    assert found["lift"] == 0.04
    assert found["mean_difference_amount"] == pytest.approx(1.6)
    assert found["incremental_amount"] == pytest.approx(1600)
    assert found["roi"] == pytest.approx((1600 - 500) / 500)
    parts = (60 * 8 - 64) / 999, (60 * 6.4 - 40.96) / 249
    error = 1000 * np.sqrt(sum(parts))
    assert found["standard_error"] == pytest.approx(error)
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / 999 + parts[1] ** 2 / 249)
    reach = stats.t.ppf(0.95, degrees) * error
    assert found["incremental_low_amount"] == pytest.approx(1600 - reach)
    assert found["incremental_high_amount"] == pytest.approx(1600 + reach)
    assert found["roi_low"] == pytest.approx((1600 - reach - 500) / 500)
    assert found["roi_high"] == pytest.approx((1600 + reach - 500) / 500)
    assert found["p_value"] == pytest.approx(2 * stats.t.sf(1600 / error, degrees))
    assert found["evidence"] == "measured"
    assert found["reason"] == "1,000 contacted and 250 held out at random."
    assert not found["is_adjusted"]


def test_groups_that_spread_alike_have_the_interval_of_welch():
    generator = np.random.default_rng(2)
    values = np.where(generator.random(400) < 0.3, generator.gamma(2, 10, 400), 0)
    held, contacted = values[:200], np.r_[values[:200], values[:200], values[:200]]
    outcomes = outcomes_of(("x", False, sums_of(contacted)), ("x", True, sums_of(held)))
    found = measure_lift(outcomes, SETTINGS).iloc[0]
    expected = stats.ttest_ind(contacted, held, equal_var=False)
    low, high = expected.confidence_interval(0.9) * np.array([600])
    assert found["incremental_low_amount"] == pytest.approx(low)
    assert found["incremental_high_amount"] == pytest.approx(high)


def test_the_more_respond_the_more_their_own_spread_counts():
    """With very many responders the interval is Welch's, however groups differ."""
    generator = np.random.default_rng(4)
    contacted = generator.gamma(2, 10, 60_000)
    held = generator.gamma(1, 25, 20_000)
    outcomes = outcomes_of(("x", False, sums_of(contacted)), ("x", True, sums_of(held)))
    found = measure_lift(outcomes, SETTINGS).iloc[0]
    expected = stats.ttest_ind(contacted, held, equal_var=False)
    low, high = expected.confidence_interval(0.9)
    reach = found["incremental_high_amount"] - found["incremental_low_amount"]
    assert reach / 60_000 == pytest.approx(high - low, rel=0.002)


def test_returns_that_outweigh_purchases_are_measured_by_their_own_spread():
    generator = np.random.default_rng(5)
    contacted, held = generator.normal(-1, 5, 400), generator.normal(-2, 5, 400)
    outcomes = outcomes_of(("x", False, sums_of(contacted)), ("x", True, sums_of(held)))
    found = measure_lift(outcomes, SETTINGS).iloc[0]
    expected = stats.ttest_ind(contacted, held, equal_var=False)
    assert found["p_value"] == pytest.approx(expected.pvalue)


def test_newcombe_interval_of_the_paper():
    """Newcombe (1998), table II, method 10, 95 %: 56/70 - 48/80 and 9/10 - 3/10."""
    low, high = newcombe_interval(
        np.array([56, 9]),
        np.array([70, 10]),
        np.array([48, 3]),
        np.array([80, 10]),
        0.025,
    )
    assert low.round(4).tolist() == [0.0524, 0.1705]
    assert high.round(4).tolist() == [0.3339, 0.8090]


def test_benjamini_and_hochberg_of_the_paper():
    """Of the 15 p-values of their example (1995) the first four are significant."""
    published = np.array(
        [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
        + [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    )
    order = np.random.default_rng(1).permutation(15)
    adjusted = adjust_p_values(np.r_[published[order], np.nan])
    assert np.isnan(adjusted[-1])
    is_significant = adjusted[:-1] <= 0.05
    assert published[order][is_significant].max() == 0.0095
    assert is_significant.sum() == 4
    # 0.0095 * 15 / 4
    assert adjusted[:-1][published[order] == 0.0095] == pytest.approx(0.035625)


def test_a_higher_p_value_never_has_a_lower_adjusted_one():
    # 0.02 * 2 / 1 is above 0.021 * 2 / 2, which counts for both.
    assert adjust_p_values(np.array([0.021, 0.02])).tolist() == [0.021, 0.021]


def test_many_segments_looked_at_together_are_corrected():
    """Two campaigns of 40 segments where nothing happens, one with a strong segment."""
    generator = np.random.default_rng(11)
    groups = []
    for campaign in ("C1", "C2"):
        for number in range(40):
            for is_holdout in (False, True):
                rate = 0.2
                if (campaign, number, is_holdout) == ("C2", 7, False):
                    rate = 0.5
                sums = plant(generator, 1, 500, rate, 20, 0.8).iloc[0].to_dict()
                keys = {"campaign_id": campaign, "segment_key": f"s{number:02d}"}
                groups.append({**sums, **keys, "is_holdout": is_holdout})
    strict = {**SETTINGS, "lift_false_discovery_rate": "0.01"}
    found = measure_lift(pd.DataFrame(groups), strict)
    assert (found["p_value"] < 0.1).sum() >= 5
    significant = found[found["is_significant"]]
    assert significant["campaign_id"].tolist() == ["C2"]
    assert significant["segment_key"].tolist() == ["s07"]
    first = found[found["campaign_id"] == "C1"]
    alone = adjust_p_values(first["p_value"].to_numpy())
    np.testing.assert_allclose(first["adjusted_p_value"], alone, atol=1e-9)


def test_a_covariate_is_taken_out_as_a_regression_does():
    generator = np.random.default_rng(12)
    before = generator.gamma(2, 10, 1500)
    is_held = np.arange(1500) >= 1000
    after = np.maximum(before + generator.normal(0, 6, 1500) + 2 * ~is_held, 0)
    plain, adjusted = (
        measure_lift(
            outcomes_of(
                ("x", False, sums_of(after[~is_held], *of(~is_held))),
                ("x", True, sums_of(after[is_held], *of(is_held))),
            ),
            SETTINGS,
        ).iloc[0]
        for of in (lambda rows: (), lambda rows: (before[rows],))
    )
    design = np.column_stack([np.ones(1500), ~is_held, before])
    coefficients = np.linalg.lstsq(design, after)[0]
    assert adjusted["mean_difference_amount"] == pytest.approx(coefficients[1])
    assert adjusted["is_adjusted"]
    assert not plain["is_adjusted"]
    # The residual spread of the regression, as Welch would have it.
    residuals = after - design @ coefficients
    error = residuals.std() * np.sqrt(1 / 1000 + 1 / 500) * 1000
    assert adjusted["standard_error"] == pytest.approx(error, rel=0.03)
    assert adjusted["standard_error"] < 0.6 * plain["standard_error"]


def test_a_covariate_that_does_not_vary_is_left_alone():
    generator = np.random.default_rng(13)
    groups = [generator.gamma(2, 10, 300) for _ in range(2)]
    bare = outcomes_of(
        ("x", False, sums_of(groups[0])), ("x", True, sums_of(groups[1]))
    )
    constant = outcomes_of(
        ("x", False, sums_of(groups[0], np.full(300, 7.0))),
        ("x", True, sums_of(groups[1], np.full(300, 7.0))),
    )
    first, second = measure_lift(bare, SETTINGS), measure_lift(constant, SETTINGS)
    pd.testing.assert_frame_equal(first, second)


def test_adjusted_intervals_cover_as_well():
    generator = np.random.default_rng(14)
    groups = []
    for number in range(400):
        for is_holdout, size in ((False, 600), (True, 200)):
            before = np.exp(generator.normal(2, 0.8, size))
            buys = generator.random(size) < (0.3 if is_holdout else 0.4)
            after = np.where(buys, before * np.exp(generator.normal(0, 0.5, size)), 0)
            sums = sums_of(after, before)
            groups.append((f"r{number:03d}", is_holdout, sums))
    found = measure_lift(outcomes_of(*groups), SETTINGS)
    truth = 600 * 0.1 * np.exp(2 + 0.8**2 / 2 + 0.5**2 / 2)
    assert found["is_adjusted"].all()
    assert 0.87 <= covers(found, truth) <= 0.93


def test_too_few_customers_are_not_measured():
    some = {"customers": 400, "responders": 100, "response_amount": 900.0}
    some = {**some, "response_squares": 9000.0, "cost_amount": 100.0}
    few = {**some, "customers": 49, "responders": 20}
    rare = {**some, "responders": 9}
    outcomes = outcomes_of(
        *(
            ("a few", is_holdout, [some, few][is_holdout])
            for is_holdout in (False, True)
        ),
        ("b rare", False, rare),
        ("b rare", True, rare),
        ("c alone", False, some),
        ("d same", False, {**some, "response_amount": 0.0, "response_squares": 0.0}),
        ("d same", True, {**some, "response_amount": 0.0, "response_squares": 0.0}),
    )
    many = {**some, "customers": 4000, "responders": 200}
    small = {**some, "customers": 60, "responders": 5}
    outcomes = pd.concat(
        [outcomes, outcomes_of(("e small", False, many), ("e small", True, small))]
    )
    found = measure_lift(outcomes, SETTINGS)
    assert (found["evidence"] == "not enough data").all()
    assert found["reason"].tolist() == [
        "400 contacted and 49 held out; 50 of each are needed.",
        "400 contacted and 400 held out, of whom 9.0 are expected to respond in the "
        "smaller group; 10 are needed.",
        "400 contacted and 0 held out; 50 of each are needed.",
        "400 contacted and 400 held out, whose amounts do not differ.",
        # 60 times 205 / 4,060
        "4,000 contacted and 60 held out, of whom 3.0 are expected to respond in the "
        "smaller group; 10 are needed.",
    ]
    silent = ["lift", "lift_low", "incremental_amount", "standard_error", "roi"]
    assert found[[*silent, "p_value", "adjusted_p_value"]].isna().all(axis=None)
    assert not found["is_significant"].any()
    # What was counted is told all the same.
    assert found["response_rate"].tolist() == [0.25, 0.0225, 0.25, 0.25, 0.05]
    assert found["holdout"].tolist() == [49, 400, 0, 400, 60]
    assert found["cost_amount"].tolist() == [100] * 5


@pytest.mark.parametrize("cost", [0.0, np.nan])
def test_without_a_cost_there_is_no_roi(cost):
    sums = {"customers": 900, "responders": 200, "response_amount": 900.0}
    sums = {**sums, "response_squares": 9000.0, "cost_amount": cost}
    outcomes = outcomes_of(("x", False, sums), ("x", True, sums))
    found = measure_lift(outcomes, SETTINGS).iloc[0]
    assert found["evidence"] == "measured"
    assert found[["roi", "roi_low", "roi_high"]].isna().all()


def test_order_of_the_rows_and_other_keys_do_not_matter():
    generator = np.random.default_rng(15)
    groups = [plant(generator, 30, 400, rate, 20, 1) for rate in (0.1, 0.15)]
    outcomes = pd.concat(
        [groups[0].assign(is_holdout=True), groups[1].assign(is_holdout=False)]
    ).assign(campaign_id="C1", segmentation="combined")
    first = measure_lift(outcomes, SETTINGS)
    mixed = outcomes.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(first, measure_lift(mixed, SETTINGS))
    keys = ("campaign_id", "segmentation", "segment_key")
    more = measure_lift(mixed, SETTINGS, keys)
    assert more.columns[:3].tolist() == [*keys]
    pd.testing.assert_frame_equal(first, more.drop(columns="segmentation"))


def test_nothing_is_a_typed_empty_frame():
    outcomes = outcomes_of(("x", False, sums_of(np.ones(3)))).head(0)
    found = measure_lift(outcomes, SETTINGS)
    assert found.empty
    assert found.dtypes["reason"] == "str"
    assert found.dtypes["lift"] == "float64"
    assert found.dtypes["is_significant"] == "bool"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"is_holdout": None}, "needs a value for each"),
        ({"response_amount": np.nan}, "needs a value for each"),
        ({"response_squares": np.inf}, "must be finite"),
        ({"is_holdout": False}, "a group of a campaign and segment twice"),
        ({"responders": -1}, "must not be negative"),
        ({"cost_amount": -1.0}, "must not be negative"),
        ({"responders": 4}, "more responders than customers"),
    ],
)
def test_outcomes_that_make_no_sense_are_an_error(changes, message):
    sums = sums_of(np.ones(3))
    outcomes = outcomes_of(("x", False, sums), ("x", True, sums)).assign(**changes)
    with pytest.raises(ValueError, match=message):
        measure_lift(outcomes, SETTINGS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("minimum_lift_customers", "1"),
        ("minimum_lift_responders", "some"),
        ("lift_false_discovery_rate", "2"),
    ],
)
def test_settings_out_of_range_are_named(name, text):
    outcomes = outcomes_of(("x", False, sums_of(np.ones(3))))
    with pytest.raises(ValueError, match=f"setting '{name}'"):
        measure_lift(outcomes, {**SETTINGS, name: text})


@pytest.mark.parametrize(
    ("campaign_id", "customer_id", "digits"),
    [
        # First 13 digits of `printf 'C01|1001' | md5sum`, and so on.
        ("C01", "1001", "690a78219a32c"),
        ("C01", "1002", "e0e2f3874b953"),
        ("spring", "k-7", "4aba73d333ac5"),
        ("Früh", "ä", "2aeb34fb97c8d"),
    ],
)
def test_bucket_of_known_digests(campaign_id, customer_id, digits):
    found = holdout_bucket(campaign_id, customer_id)
    assert found == sum(
        "0123456789abcdef".index(digit) / 16**place
        for place, digit in enumerate(digits, start=1)
    )


def test_sql_has_the_same_bucket():
    sql = "select ('0x' || left(md5(? || '|' || ?), 13))::bigint / power(16, 13)"
    for number in range(200):
        ids = (f"C{number % 7}", f"customer {number}")
        assert duckdb.execute(sql, ids).fetchone()[0] == holdout_bucket(*ids)


def test_buckets_are_even_and_differ_between_campaigns():
    customers = [f"k{number}" for number in range(4000)]
    first, second = (
        np.array([holdout_bucket(campaign, customer) for customer in customers])
        for campaign in ("C1", "C2")
    )
    assert first.min() >= 0
    assert first.max() < 1
    assert stats.kstest(first, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.05
