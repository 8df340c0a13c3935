"""Expected orders against the published forms, against lives lived, and by hand."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.special import hyp2f1

from segmentation.lifetime import (
    expect_orders,
    expected_orders,
    expected_orders_if_alive,
)
from segmentation.purchase_model import (
    BG_NBD,
    MBG_NBD,
    MODELS,
    PurchaseParameters,
    fit_purchase_models,
    probability_alive,
)

from .test_purchase_model import (
    CDNOW,
    CUT_OFF,
    SETTINGS,
    FakeDbt,
    load_model,
    make_histories,
    measure_histories,
    read_customer_days,
    settings_table,
    simulate,
)

TRIPLE = ["repeat_count", "last_repeat_days", "age_days"]


@pytest.fixture(scope="module")
def customer_days(test_data) -> pd.DataFrame:
    return read_customer_days(test_data("cdnow"))


@pytest.fixture(scope="module")
def histories(customer_days) -> pd.DataFrame:
    return measure_histories(customer_days, CUT_OFF)


@pytest.fixture(scope="module")
def parameters(histories) -> pd.DataFrame:
    return fit_purchase_models(histories, SETTINGS)


@pytest.fixture(scope="module")
def triples(histories) -> pd.DataFrame:
    return histories[TRIPLE].drop_duplicates()


@pytest.fixture(scope="module")
def expectations(triples, parameters) -> pd.DataFrame:
    return expect_orders(triples, parameters, SETTINGS)


def make_parameters(
    learned: PurchaseParameters, model: str = MBG_NBD, **columns: object
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "connector": "cdnow",
            "as_of_date": CUT_OFF,
            "scored_on": CUT_OFF,
            "model": model,
            **learned._asdict(),
            "is_used": True,
            **columns,
        },
        index=[0],
    )


def published(
    horizon: float, x: int, T: float, learned: PurchaseParameters, model: str
) -> float:
    """Fader, Hardie, Lee (2005), equation 10, and Batislam et al. (2007), if alive."""
    r, alpha, a, b = learned
    left = x if model == BG_NBD else x + 1
    total = a + b + left - 1
    share = ((alpha + T) / (alpha + T + horizon)) ** (r + x)
    ratio = horizon / (alpha + T + horizon)
    return total / (a - 1) * (1 - share * hyp2f1(r + x, b + left, total, ratio))


def test_expected_orders_of_cdnow_are_those_of_the_paper():
    """The customer of Fader, Hardie and Lee's spreadsheet: 1.226 in 39 weeks."""
    rounded = PurchaseParameters(0.243, 4.414, 0.793, 2.426)
    found = expected_orders(39, 2, 30.43, 38.86, rounded, BG_NBD)
    assert round(float(found), 3) == 1.226
    found = expected_orders(39, 2, 30.43, 38.86, CDNOW, BG_NBD)
    assert round(float(found), 4) == 1.2259


def test_the_second_half_of_cdnow_is_expected_as_published(
    customer_days, histories, parameters
):
    """1,882 purchases happened in 39 weeks (273 days), 1,653.4 were expected."""
    assert (customer_days["day"] > CUT_OFF).sum() == 1882
    settings = {
        **SETTINGS,
        "value_horizon_days": "273",
        "yearly_discount_rate": "0",
        "purchase_model": "bg_nbd",
    }
    used = parameters.assign(is_used=parameters["model"] == BG_NBD)
    found = expect_orders(histories[TRIPLE].drop_duplicates(), used, settings)
    total = histories.merge(found, on=TRIPLE)["expected_orders"].sum()
    assert round(total, 1) == 1653.4


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("x", [0, 1, 2, 7, 20])
@pytest.mark.parametrize(
    "learned",
    [
        CDNOW,
        PurchaseParameters(0.5248, 6.183, 0.8914, 1.614),
        PurchaseParameters(2.0, 3.0, 0.05, 0.3),
        PurchaseParameters(0.3, 20.0, 4.0, 9.0),
    ],
)
def test_the_integral_is_the_published_form(model, x, learned):
    for horizon in (1.0, 13.0, 52.0):
        for T in (0.5, 10.0, 150.0):
            found = expected_orders_if_alive(horizon, x, T, learned, model)
            expected = published(horizon, x, T, learned, model)
            assert float(found) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("b", [0.01, 1.0, 30.0])
@pytest.mark.parametrize("a", [1e-4, 1.0, 300.0])
def test_the_integral_holds_where_the_published_form_fails(a, b):
    """By a million equally likely chances to leave: x = 300, one week old, a year."""
    learned = PurchaseParameters(0.5, 2.0, a, b)
    for x, T in ((300, 52.0), (40, 1.0)):
        found = float(expected_orders_if_alive(52.0, x, T, learned, BG_NBD))
        grid = np.linspace(-60, 60, 1_000_001)
        p, rest = 1 / (1 + np.exp(-grid)), 1 / (1 + np.exp(grid))
        density = a * np.log(p) + (b + x) * np.log(rest)
        weights = np.exp(density - density.max())
        # What lies beyond the grid, where p is next to 0: the mass of p^a from there.
        beyond = np.exp(density[0] - density.max()) / a / (grid[1] - grid[0])
        orders = -np.expm1(-(0.5 + x) * np.log1p(p * 52 / (2 + T))) / p
        total = (orders * weights).sum() + orders[0] * beyond
        assert found == pytest.approx(total / (weights.sum() + beyond), rel=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_where_nobody_leaves_the_rate_goes_on(model):
    """(r + x) / (alpha + T) purchases a week: (1 + 3) / (2 + 8) * 20 = 8."""
    for a in (0.0, 1e-12):
        learned = PurchaseParameters(1.0, 2.0, a, 1.0)
        found = expected_orders([10, 20], 3, 5, 8, learned, model)
        np.testing.assert_allclose(found, [4, 8], rtol=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_planted_customers_order_as_often_as_expected(model):
    """By number of orders so far; within four standard errors."""
    truth = PurchaseParameters(0.8, 10.0, 0.8, 2.4)
    x, t_x, T, future = simulate(200_000, truth, model, (26, 104), horizon=52)
    expected = expected_orders(52, x, t_x, T, truth, model)
    groups = np.minimum(x, 12)
    found = pd.DataFrame({"gap": future - expected}).groupby(groups)["gap"]
    assert (found.mean() / found.sem()).abs().max() < 4
    assert expected.sum() == pytest.approx(future.sum(), rel=0.01)


def test_expectations_are_one_row_per_history(triples, expectations):
    keys = expectations[TRIPLE]
    assert len(keys) == len(triples)
    assert not keys.duplicated().any()
    pd.testing.assert_frame_equal(keys, keys.sort_values(TRIPLE))
    assert (expectations.dtypes[TRIPLE] == "int64").all()


def test_expectations_follow_the_functions(expectations, parameters):
    used = parameters[parameters["is_used"]].iloc[0]
    assert used["model"] == MBG_NBD
    learned = PurchaseParameters(*used[["r", "alpha", "a", "b"]].astype(float))
    x, t_x, age = expectations[TRIPLE].to_numpy(dtype=float).T
    history = (x, t_x / 7, age / 7, learned, MBG_NBD)
    for name, expected in {
        "expected_orders": expected_orders(365 / 7, *history),
        "expected_orders_if_alive": expected_orders_if_alive(
            365 / 7, x, age / 7, learned, MBG_NBD
        ),
        "probability_alive": probability_alive(*history),
    }.items():
        np.testing.assert_allclose(expectations[name], expected, atol=1e-9)
    alive = expectations["probability_alive"]
    for name in ("expected_orders", "discounted_orders"):
        product = alive * expectations[f"{name}_if_alive"]
        np.testing.assert_allclose(expectations[name], product, atol=1e-7)


def test_later_orders_are_worth_less():
    """Nobody leaves: 7 a week, so 365 / 12 a month, each over 1.1^(month / 12)."""
    learned = PurchaseParameters(6.0, 1.0, 0.0, 1.0)
    triples = pd.DataFrame({"repeat_count": [1], "last_repeat_days": 0, "age_days": 0})
    found = expect_orders(triples, make_parameters(learned), SETTINGS).iloc[0]
    assert found["expected_orders"] == pytest.approx(365, abs=1e-8)
    by_hand = sum(365 / 12 / 1.1 ** (month / 12) for month in range(1, 13))
    assert found["discounted_orders"] == pytest.approx(by_hand, abs=1e-8)
    assert found["discounted_orders_if_alive"] == pytest.approx(by_hand, abs=1e-8)


def test_a_horizon_may_end_within_a_month():
    """40 days of one order each: 365 / 12 in the first month, then the rest."""
    learned = PurchaseParameters(6.0, 1.0, 0.0, 1.0)
    triples = pd.DataFrame({"repeat_count": [1], "last_repeat_days": 0, "age_days": 0})
    settings = {**SETTINGS, "value_horizon_days": "40"}
    found = expect_orders(triples, make_parameters(learned), settings).iloc[0]
    month = 365 / 12
    by_hand = month / 1.1 ** (1 / 12) + (40 - month) / 1.1 ** (2 / 12)
    assert found["expected_orders"] == pytest.approx(40, abs=1e-8)
    assert found["discounted_orders"] == pytest.approx(by_hand, abs=1e-8)


def test_without_discount_nothing_is_lost(triples, parameters, expectations):
    settings = {**SETTINGS, "yearly_discount_rate": "0"}
    found = expect_orders(triples, parameters, settings)
    np.testing.assert_allclose(
        found["discounted_orders"], found["expected_orders"], atol=2e-9
    )
    assert (expectations["discounted_orders"] <= found["expected_orders"]).all()


def test_neither_order_nor_dtype_of_the_rows_matters(triples, parameters, expectations):
    shuffled = triples.sample(frac=1, random_state=1).astype("float64")
    found = expect_orders(shuffled.assign(customers=1), parameters[::-1], SETTINGS)
    pd.testing.assert_frame_equal(found, expectations, check_exact=True)


def test_three_hundred_orders_a_year_overflow_nothing():
    triples = pd.DataFrame(
        {"repeat_count": 300, "last_repeat_days": [299, 364], "age_days": 365}
    )
    found = expect_orders(triples, make_parameters(CDNOW), SETTINGS)
    assert np.isfinite(found.to_numpy()).all()
    # Who has stayed away for 66 days after one order a day has left.
    assert found["expected_orders"].iloc[0] < 1e-6
    assert 200 < found["expected_orders"].iloc[1] < 300


def test_the_latest_usable_parameters_are_in_use(triples):
    now = make_parameters(CDNOW, BG_NBD)
    others = [
        make_parameters(PurchaseParameters(9.0, 9.0, 9.0, 9.0), **columns)
        for columns in (
            {"is_used": False},
            {"connector": "other"},
            {"as_of_date": "1997-10-31"},
            {"scored_on": "1997-08-31"},
            {"scored_on": "1997-10-31"},
        )
    ]
    table = pd.concat([*others, now, *others], ignore_index=True)
    found = expect_orders(triples, table, SETTINGS)
    pd.testing.assert_frame_equal(found, expect_orders(triples, now, SETTINGS))
    # Today's fit failed: what was learned a month ago is still true.
    failed = now.assign(r=np.nan, alpha=np.nan, a=np.nan, b=np.nan)
    old = make_parameters(CDNOW, BG_NBD, scored_on="1997-08-31")
    found_again = expect_orders(triples, pd.concat([failed, old]), SETTINGS)
    pd.testing.assert_frame_equal(found_again, found)


def test_two_rows_in_use_are_an_error(triples):
    twice = pd.concat([make_parameters(CDNOW)] * 2)
    with pytest.raises(ValueError, match="several rows in use"):
        expect_orders(triples, twice, SETTINGS)


@pytest.mark.parametrize("days", [10.5, np.nan])
def test_triples_are_whole_numbers(days):
    broken = pd.DataFrame(
        {"repeat_count": [1], "last_repeat_days": days, "age_days": 9}
    )
    with pytest.raises(ValueError, match="whole numbers"):
        expect_orders(broken, make_parameters(CDNOW), SETTINGS)


def test_nothing_usable_gives_a_typed_empty_table(triples, parameters, expectations):
    unfitted = fit_purchase_models(make_histories([0] * 9, 0, 100), SETTINGS)
    for some_triples, some_parameters, settings in (
        (triples, unfitted, SETTINGS),
        (triples, parameters[:0], {}),
        (triples[:0], parameters, {}),
        (triples, parameters, {**SETTINGS, "connector": "other"}),
    ):
        empty = expect_orders(some_triples, some_parameters, settings)
        assert empty.empty
        assert empty.dtypes.to_dict() == expectations.dtypes.to_dict()
        types = duckdb.sql("describe empty").df()["column_type"]
        assert types.tolist() == ["BIGINT"] * 3 + ["DOUBLE"] * 5


def test_the_thin_model_hands_over_the_right_tables(triples, parameters, expectations):
    fake = FakeDbt(
        {
            "int_purchase_triples_counted": triples.assign(customers=1),
            "ml_purchase_parameters": parameters,
            "int_settings_resolved": settings_table(),
        }
    )
    found = load_model("ml_purchase_expectations")(fake, None)
    pd.testing.assert_frame_equal(found, expectations)
