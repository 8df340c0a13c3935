"""Published parameters, planted ones, and histories that teach nothing."""

import importlib.util
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from segmentation.purchase_model import (
    BG_NBD,
    MBG_NBD,
    MODELS,
    PurchaseParameters,
    PurchaseSettings,
    fit_purchase_model,
    fit_purchase_models,
    log_likelihood,
    probability_alive,
    probability_no_purchase,
)

PROJECT = Path(__file__).parents[3]
CUT_OFF = "1997-09-30"
SETTINGS = {
    "connector": "cdnow",
    "as_of_date": CUT_OFF,
    "purchase_model": "mbg_nbd",
    "minimum_repeat_customers": "30",
    "value_horizon_days": "365",
    "yearly_discount_rate": "0.1",
    "risk_horizon_days": "56",
}
# What the published .243, 4.414, .793 and 2.426 are before rounding.
CDNOW = PurchaseParameters(0.242594522, 4.413602019, 0.792922017, 2.425906777)


def read_customer_days(folder: Path) -> pd.DataFrame:
    """Amount per customer and day of the CDNOW sample of one customer in ten."""
    rows = pd.read_csv(
        folder / "CDNOW_sample.txt",
        sep=r"\s+",
        names=["master_id", "customer_id", "day", "units", "amount"],
        dtype={"master_id": "str", "customer_id": "str", "day": "str"},
    )
    assert len(rows) == 6919
    rows["day"] = pd.to_datetime(rows["day"])
    return rows.groupby(["customer_id", "day"], as_index=False)["amount"].sum()


def measure_histories(customer_days: pd.DataFrame, scored_on: str) -> pd.DataFrame:
    """Histories up to and with a day, as the SQL before the model measures them."""
    seen = customer_days[customer_days["day"] <= scored_on].copy()
    seen["first"] = seen.groupby("customer_id")["day"].transform("min")
    seen["repeat_amount"] = seen["amount"].where(seen["day"] > seen["first"])
    found = seen.groupby("customer_id").agg(
        first=("first", "min"),
        last=("day", "max"),
        days=("day", "size"),
        mean_repeat_amount=("repeat_amount", "mean"),
    )
    return pd.DataFrame(
        {
            "scored_on": pd.Timestamp(scored_on),
            "customer_id": found.index,
            "repeat_count": (found["days"] - 1).to_numpy(),
            "last_repeat_days": (found["last"] - found["first"]).dt.days.to_numpy(),
            "age_days": (pd.Timestamp(scored_on) - found["first"]).dt.days.to_numpy(),
            "mean_repeat_amount": found["mean_repeat_amount"].to_numpy(),
        }
    )


def make_histories(
    x: object, t_x: object, age: object, scored_on: str = CUT_OFF
) -> pd.DataFrame:
    x, t_x, age = np.broadcast_arrays(*np.atleast_1d(x, t_x, age))
    return pd.DataFrame(
        {
            "scored_on": pd.Timestamp(scored_on),
            "customer_id": [f"c{number:05d}" for number in range(len(x))],
            "repeat_count": x,
            "last_repeat_days": t_x,
            "age_days": age,
            "mean_repeat_amount": np.where(x > 0, 10.0, np.nan),
        }
    )


def simulate(
    count: int,
    parameters: PurchaseParameters,
    model: str,
    ages: tuple[float, float],
    horizon: float = 0.0,
    seed: int = 7,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Live the lives of customers: x, t_x, T and how often they buy in the horizon."""
    generator = np.random.default_rng(seed)
    r, alpha, a, b = parameters
    rates = generator.gamma(r, 1 / alpha, count)
    chances = generator.beta(a, b, count) if a else np.zeros(count)
    T = generator.uniform(*ages, count)
    now, x, t_x, future = np.zeros((4, count))
    living = np.arange(count)
    if model == MBG_NBD:
        living = living[generator.random(count) >= chances]
    while len(living):
        now[living] += generator.exponential(1 / rates[living])
        living = living[now[living] <= T[living] + horizon]
        is_past = now[living] <= T[living]
        past = living[is_past]
        x[past] += 1
        t_x[past] = now[past]
        future[living[~is_past]] += 1
        living = living[generator.random(len(living)) >= chances[living]]
    return x, t_x, T, future


def row(table: pd.DataFrame, model: str) -> pd.Series:
    (found,) = (each for _, each in table[table["model"] == model].iterrows())
    return found


@pytest.fixture(scope="module")
def cdnow(test_data) -> pd.DataFrame:
    return measure_histories(read_customer_days(test_data("cdnow")), CUT_OFF)


@pytest.fixture(scope="module")
def learned(cdnow) -> pd.DataFrame:
    return fit_purchase_models(cdnow, SETTINGS)


def test_histories_of_cdnow_are_those_of_the_paper(cdnow, test_data):
    assert len(read_customer_days(test_data("cdnow"))) == 6696
    assert len(cdnow) == 2357
    assert (cdnow["repeat_count"] > 0).sum() == 946
    assert cdnow["repeat_count"].sum() == 2457


def test_bg_nbd_of_cdnow_is_that_of_the_paper(learned):
    """Fader, Hardie and Lee (2005), table 2."""
    found = row(learned, BG_NBD)
    assert found["status"] == "fitted"
    assert round(found["r"], 3) == 0.243
    assert round(found["alpha"], 3) == 4.414
    assert round(found["a"], 3) == 0.793
    assert round(found["b"], 3) == 2.426
    assert round(found["log_likelihood"], 1) == -9582.4
    assert (found["customers"], found["repeat_customers"]) == (2357, 946)
    assert found["reason"] == "Fitted to 2357 customers, 946 of whom bought again."


def test_mbg_nbd_of_cdnow_is_the_published_one(learned):
    found = row(learned, MBG_NBD)
    assert round(found["r"], 4) == 0.5248
    assert round(found["alpha"], 3) == 6.183
    assert round(found["a"], 4) == 0.8914
    assert round(found["b"], 3) == 1.614


def test_order_values_stand_in_both_rows(learned):
    assert learned["order_value_status"].tolist() == ["fitted", "fitted"]
    assert learned["p"].nunique() == 1
    assert learned["is_independent"].all()
    assert learned["correlation"].iloc[0] == pytest.approx(0.114, abs=0.001)
    assert learned["population_mean_amount"].iloc[0] == pytest.approx(35.2, abs=0.1)


def test_the_table_says_what_it_belongs_to(learned):
    assert learned["model"].tolist() == ["bg_nbd", "mbg_nbd"]
    assert learned["is_used"].tolist() == [False, True]
    assert set(learned["connector"]) == {"cdnow"}
    assert set(learned["as_of_date"]) == {CUT_OFF}
    assert set(learned["scored_on"]) == {CUT_OFF}
    assert learned["model_version"].str.fullmatch("[0-9a-f]{12}").all()
    assert learned["model_version"].is_unique


@pytest.mark.parametrize("model", MODELS)
def test_planted_parameters_are_found(model):
    """No farther from the truth than chance has it: likelihood ratio at 99 %."""
    truth = PurchaseParameters(0.8, 10.0, 0.8, 2.4)
    x, t_x, T, _ = simulate(20_000, truth, model, (26, 104))
    found = fit_purchase_model(x, t_x, T, model)
    assert found.status == "fitted"
    np.testing.assert_allclose(found.parameters, truth, rtol=0.1)
    gain = found.log_likelihood - log_likelihood(x, t_x, T, truth, model)
    assert 0 <= 2 * gain < chi2.ppf(0.99, 4)


@pytest.mark.parametrize("model", MODELS)
def test_the_likelihood_is_the_product_of_the_lives(model):
    """By hand: r = a = b = alpha = 1, one purchase at 1, seen until 3.

    Averaged over Beta(1, 1), staying after the purchase has 1/2 and leaving 1/2 (BG);
    with the first purchase a chance to leave, too, 1/3 and 1/6 (MBG). The purchase rate
    brings 1 / (1 + 3)^2 for who stayed and 1 / (1 + 1)^2 for who left.
    """
    stay, leave = {BG_NBD: (1 / 2, 1 / 2), MBG_NBD: (1 / 3, 1 / 6)}[model]
    parameters = PurchaseParameters(1.0, 1.0, 1.0, 1.0)
    by_hand = np.log(stay / 16 + leave / 4)
    found = log_likelihood([1], [1.0], [3.0], parameters, model)
    assert found == pytest.approx(by_hand, abs=1e-9)
    alive = probability_alive([1], [1.0], [3.0], parameters, model)
    assert alive[0] == pytest.approx(stay / 16 / (stay / 16 + leave / 4), abs=1e-12)


def test_no_parameters_are_likelier_than_those_found(cdnow, learned):
    histories = cdnow[["repeat_count", "last_repeat_days", "age_days"]].to_numpy().T
    x, t_x, T = histories / np.array([[1], [7], [7]])
    for model in MODELS:
        found = row(learned, model)
        best = PurchaseParameters(*found[["r", "alpha", "a", "b"]])
        for position in range(4):
            for factor in (0.99, 1.01):
                other = list(best)
                other[position] *= factor
                likelihood = log_likelihood(
                    x, t_x, T, PurchaseParameters(*other), model
                )
                assert likelihood < found["log_likelihood"]


def test_probabilities_of_cdnow():
    """x = 2, t_x = 30.43 and T = 38.86 weeks, as a separate fit had them."""
    history = (2, 30.43, 38.86)
    assert probability_alive(*history, CDNOW, BG_NBD) == pytest.approx(
        0.726609, abs=1e-6
    )
    for horizon, expected in ((39, 0.445393), (13, 0.676536)):
        found = probability_no_purchase(horizon, *history, CDNOW, BG_NBD)
        assert found == pytest.approx(expected, abs=1e-6)
    assert probability_alive(0, 0, 38.86, CDNOW, BG_NBD) == 1
    found = probability_no_purchase(39, 0, 0, 38.86, CDNOW, BG_NBD)
    assert found == pytest.approx(0.855672, abs=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_probabilities_of_planted_customers_come_true(model):
    """Tenths of 200,000 customers, by how likely they buy nothing in 13 weeks."""
    truth = PurchaseParameters(0.8, 10.0, 0.8, 2.4)
    x, t_x, T, future = simulate(200_000, truth, model, (26, 104), horizon=13)
    predicted = probability_no_purchase(13, x, t_x, T, truth, model)
    tenths = pd.qcut(predicted, 10, duplicates="drop")
    happened = pd.Series(future == 0).groupby(tenths, observed=True).mean()
    expected = pd.Series(predicted).groupby(tenths, observed=True).mean()
    assert (happened - expected).abs().max() < 0.012


@pytest.mark.parametrize("model", MODELS)
def test_three_hundred_purchases_a_year_overflow_nothing(model):
    x, t_x = np.array([300, 300, 300, 0]), np.array([1.0, 51.0, 52.0, 0.0])
    alive = probability_alive(x, t_x, 52.0, CDNOW, model)
    nothing = probability_no_purchase(8, x, t_x, 52.0, CDNOW, model)
    assert np.isfinite(alive).all()
    assert np.isfinite(nothing).all()
    assert alive[0] < 1e-12
    assert alive[2] > 0.99
    assert nothing[0] == pytest.approx(1)
    assert nothing[2] < 0.01


def test_many_purchases_can_be_fitted():
    generator = np.random.default_rng(3)
    x = generator.integers(100, 360, 400)
    histories = make_histories(x, generator.integers(300, 366, 400), 365)
    learned = fit_purchase_models(histories, SETTINGS)
    assert set(learned["status"]) <= {"fitted", "degenerate"}
    assert np.isfinite(learned[["r", "alpha", "a", "b", "log_likelihood"]]).all(
        axis=None
    )


def test_one_time_buyers_alone_teach_nothing():
    learned = fit_purchase_models(make_histories([0] * 500, 0, 100), SETTINGS)
    assert set(learned["status"]) == {"insufficient_repeat"}
    assert set(learned["reason"]) == {
        "0 of 500 customers bought again, at least 30 are required."
    }
    assert learned[["r", "alpha", "a", "b", "log_likelihood"]].isna().all(axis=None)
    assert learned[["p", "q", "gamma", "population_mean_amount"]].isna().all(axis=None)
    assert set(learned["order_value_status"]) == {"insufficient_repeat"}
    assert set(learned["customers"]) == {500}


@pytest.mark.parametrize(("repeaters", "status"), [(29, False), (30, True)])
def test_thirty_who_bought_again_are_enough(repeaters, status):
    x, t_x, T, _ = simulate(2000, CDNOW, BG_NBD, (20, 60))
    histories = make_histories(x, np.ceil(t_x * 7), np.ceil(T * 7) + 1)
    enough = pd.concat(
        [histories[x > 0].iloc[:repeaters], histories[x == 0].iloc[:300]]
    )
    learned = fit_purchase_models(enough, SETTINGS)
    assert (learned["status"] != "insufficient_repeat").all() == status


def test_one_customer_is_not_enough_but_no_error():
    learned = fit_purchase_models(make_histories(3, 20, 30), SETTINGS)
    assert set(learned["status"]) == {"insufficient_repeat"}
    alone = fit_purchase_models(
        make_histories(3, 20, 30), {**SETTINGS, "minimum_repeat_customers": "1"}
    )
    assert set(alone["status"]) == {"degenerate"}
    assert alone["r"].notna().all()


@pytest.mark.parametrize("model", MODELS)
def test_where_nobody_leaves_everybody_counts_as_alive_for_ever(model):
    x, t_x, T, _ = simulate(
        3000, PurchaseParameters(0.8, 10.0, 0.0, 1.0), BG_NBD, (26, 104)
    )
    # Who bought yesterday has not left.
    found = fit_purchase_model(x, np.where(x > 0, T - 0.1, 0), T, model)
    assert found.status == "degenerate"
    assert found.reason == (
        "None of 3000 customers is seen to leave: everybody counts as alive for ever."
    )
    assert found.parameters[2:] == (0.0, 1.0)
    assert np.isfinite(found.log_likelihood)
    alive = probability_alive([0, 1, 300], [0, 1, 1], 500.0, found.parameters, model)
    assert alive.tolist() == [1.0, 1.0, 1.0]


def test_the_rates_of_those_who_never_leave_are_found():
    """Without leaving it is the NBD, whose r and alpha were planted."""
    truth = PurchaseParameters(0.8, 10.0, 0.0, 1.0)
    found = fit_purchase_model(*simulate(20_000, truth, BG_NBD, (26, 104))[:3], BG_NBD)
    np.testing.assert_allclose(found.parameters[:2], truth[:2], rtol=0.05)
    assert found.parameters.a / (found.parameters.a + found.parameters.b) < 0.02


def test_customers_who_are_all_alike_are_degenerate():
    histories = make_histories([2] * 100, 70, 140)
    learned = fit_purchase_models(histories, SETTINGS)
    assert set(learned["status"]) == {"degenerate"}
    assert learned["reason"].str.contains("at the edge of the search").all()
    assert learned["r"].notna().all()


def test_neither_order_nor_dtype_of_the_rows_matters(cdnow, learned):
    shuffled = cdnow.sample(frac=1, random_state=1).astype(
        {"repeat_count": "Float64", "age_days": "int32"}
    )
    shuffled["scored_on"] = shuffled["scored_on"].dt.date
    again = fit_purchase_models(shuffled[shuffled.columns[::-1]], SETTINGS)
    pd.testing.assert_frame_equal(again, learned, check_exact=True)


def test_each_date_is_learned_from_its_own_rows(cdnow, learned):
    earlier = make_histories([0] * 50, 0, 100, scored_on="1997-06-30")
    both = fit_purchase_models(pd.concat([cdnow, earlier]), SETTINGS)
    assert both["scored_on"].tolist() == ["1997-06-30"] * 2 + [CUT_OFF] * 2
    assert set(both["as_of_date"]) == {CUT_OFF}
    pd.testing.assert_frame_equal(both[2:].reset_index(drop=True), learned)


def test_contradictory_histories_take_no_part(cdnow, learned):
    wrong = make_histories(
        [1, 0, 1, -1, 1.5, np.nan, 1, 1],
        [50, 9, 0, 10, 10, 10, np.inf, 10],
        [40, 40, 40, 40, 40, 40, np.inf, np.nan],
    )
    found = fit_purchase_models(pd.concat([cdnow, wrong]), SETTINGS)
    assert (
        found["reason"]
        .str.endswith(" Left out are 8 histories that contradict themselves.")
        .all()
    )
    same = [name for name in learned if name != "reason"]
    pd.testing.assert_frame_equal(found[same], learned[same])


def test_the_version_changes_with_the_data_and_with_what_steers_the_fit(cdnow, learned):
    def versions(histories: pd.DataFrame, **settings: str) -> list[str]:
        found = fit_purchase_models(histories, {**SETTINGS, **settings})
        return found["model_version"].tolist()

    known = learned["model_version"].tolist()
    other = {"as_of_date": "1998-01-01", "purchase_model": "bg_nbd"}
    assert versions(cdnow, **other) == known
    assert set(versions(cdnow, minimum_repeat_customers="31")).isdisjoint(known)
    assert set(versions(cdnow[1:])).isdisjoint(known)


def test_a_customer_listed_twice_is_an_error(cdnow):
    with pytest.raises(ValueError, match="twice"):
        fit_purchase_models(pd.concat([cdnow, cdnow[:1]]), SETTINGS)


@pytest.mark.parametrize("settings", [SETTINGS, {}])
def test_no_histories_give_a_typed_empty_table(cdnow, learned, settings):
    empty = fit_purchase_models(cdnow[:0], settings)
    assert empty.empty
    assert empty.dtypes.to_dict() == learned.dtypes.to_dict()
    types = [duckdb.sql("describe learned").df(), duckdb.sql("describe empty").df()]
    pd.testing.assert_frame_equal(*types)
    assert set(types[0]["column_type"]) == {"VARCHAR", "DOUBLE", "BIGINT", "BOOLEAN"}


def test_settings_become_checked_values():
    read = PurchaseSettings.from_text({**SETTINGS, "unknown": "ignored"})
    assert read.purchase_model == "mbg_nbd"
    assert read.yearly_discount_rate == 0.1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("purchase_model", "pareto_nbd"),
        ("minimum_repeat_customers", "0"),
        ("value_horizon_days", "1.5"),
        ("yearly_discount_rate", "-0.1"),
        ("yearly_discount_rate", "nan"),
        ("risk_horizon_days", "soon"),
        ("as_of_date", "today"),
        ("connector", None),
    ],
)
def test_an_unreadable_setting_is_named(name, value):
    with pytest.raises(ValueError, match=f"'{name}'"):
        PurchaseSettings.from_text({**SETTINGS, name: value})


class FakeDbt:
    def __init__(self, frames: dict[str, pd.DataFrame]) -> None:
        self.frames = frames

    def ref(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def load_model(name: str):
    path = PROJECT / f"models/learning/{name}.py"
    specification = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.model


def settings_table() -> pd.DataFrame:
    return pd.DataFrame(SETTINGS.items(), columns=["setting", "setting_value"])


def test_the_thin_model_hands_over_the_right_tables(cdnow, learned):
    fake = FakeDbt(
        {
            "int_purchase_sample_measured": cdnow,
            "int_settings_resolved": settings_table(),
        }
    )
    found = load_model("ml_purchase_parameters")(fake, None)
    pd.testing.assert_frame_equal(found, learned)
