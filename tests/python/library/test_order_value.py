"""Order values of the paper, planted ones, and amounts that no model suits."""

import numpy as np
import pytest

from segmentation.order_value import expected_order_value, fit_order_values

from .test_purchase_model import CUT_OFF, measure_histories, read_customer_days


@pytest.fixture(scope="module")
def repeaters(test_data) -> tuple[np.ndarray, np.ndarray]:
    found = measure_histories(read_customer_days(test_data("cdnow")), CUT_OFF)
    found = found[found["repeat_count"] > 0]
    return found["repeat_count"].to_numpy(), found["mean_repeat_amount"].to_numpy()


def simulate(
    count: int, p: float, q: float, gamma: float
) -> tuple[np.ndarray, np.ndarray]:
    """Mean of x amounts from Gamma(p, v), with v from Gamma(q, gamma)."""
    generator = np.random.default_rng(11)
    x = generator.geometric(0.4, count)
    rates = generator.gamma(q, 1 / gamma, count)
    return x, generator.gamma(p * x, 1 / rates) / x


def test_order_values_of_cdnow_are_those_of_the_paper(repeaters):
    """Fader and Hardie (2013): p = 6.25, q = 3.74, gamma = 15.44."""
    found = fit_order_values(*repeaters)
    assert len(repeaters[0]) == 946
    assert found.status == "fitted"
    assert round(found.p, 2) == 6.25
    assert round(found.q, 2) == 3.74
    assert round(found.gamma, 2) == 15.44
    assert found.is_independent
    mean = found.p * found.gamma / (found.q - 1)
    assert found.population_mean_amount == pytest.approx(mean, rel=1e-8)
    assert found.reason == (
        "Fitted to 946 customers who bought again. Repeat orders and mean amount have "
        "a correlation of 0.11."
    )


def test_expected_order_value_of_cdnow():
    published = (6.25, 3.74, 15.44)
    assert round(float(expected_order_value(2, 22.35, *published)), 2) == 24.66
    # 6.25 * 15.44 / 2.74
    assert round(float(expected_order_value(0, np.nan, *published)), 2) == 35.22


def test_who_has_no_mean_is_expected_to_spend_like_everybody():
    found = expected_order_value([0, 0, 3], [np.nan, 99.0, np.nan], 6.25, 3.74, 15.44)
    np.testing.assert_allclose(found, 6.25 * 15.44 / 2.74)


def test_own_mean_outweighs_everybodys_the_oftener_it_was_seen():
    found = expected_order_value([1, 10, 10_000], 100.0, 6.25, 3.74, 15.44)
    assert (np.diff(found) > 0).all()
    assert found[-1] == pytest.approx(100, abs=0.01)


def test_an_expectation_without_an_end_is_missing():
    # Without orders q - 1 < 0; with one p + q - 1 = 1.5, and 2 (10 + 5) / 1.5 = 20.
    found = expected_order_value([0, 1], [np.nan, 5.0], 2.0, 0.5, 10.0)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(20)


@pytest.mark.parametrize("factor", [1.0, 0.01, 1e6])
def test_planted_values_are_found_in_any_currency(factor):
    x, z = simulate(20_000, 6.0, 4.0, 15.0)
    found = fit_order_values(x, z * factor)
    assert found.status == "fitted"
    expected = (6.0, 4.0, 15.0 * factor)
    np.testing.assert_allclose((found.p, found.q, found.gamma), expected, rtol=0.06)
    assert found.population_mean_amount == pytest.approx(30 * factor, rel=0.01)


def test_order_of_the_customers_does_not_matter(repeaters):
    order = np.random.default_rng(2).permutation(len(repeaters[0]))
    shuffled = [array[order] for array in repeaters]
    assert fit_order_values(*shuffled) == fit_order_values(*repeaters)


def test_who_did_not_buy_again_for_money_takes_no_part(repeaters):
    x, z = repeaters
    more = (np.r_[x, 0, 2, 2, 0], np.r_[z, 50.0, np.nan, 0.0, np.nan])
    assert fit_order_values(*more) == fit_order_values(x, z)


def test_frequent_customers_who_spend_more_are_flagged():
    x, z = simulate(2000, 6.0, 4.0, 15.0)
    found = fit_order_values(x, z * x**2)
    assert found.correlation > 0.3
    assert not found.is_independent
    assert found.reason.endswith(", beyond 0.3: the model does not suit them.")
    # Own means are then shrunk towards that of the sample.
    assert found.population_mean_amount == pytest.approx((z * x**2).mean())


def test_few_customers_teach_nothing_but_their_mean():
    found = fit_order_values([1, 2, 0], [10.0, 20.0, np.nan], minimum_customers=3)
    assert found.status == "insufficient_repeat"
    assert found.reason == (
        "2 customers bought again for a positive amount, at least 3 are required."
    )
    assert np.isnan(found.p)
    assert found.population_mean_amount == 15


def test_nobody_teaches_nothing():
    found = fit_order_values([], [])
    assert found.status == "insufficient_repeat"
    assert np.isnan(found.population_mean_amount)


def test_equal_amounts_are_degenerate():
    found = fit_order_values(np.arange(1, 101), np.full(100, 10.0))
    assert found.status == "degenerate"
    assert "at the edge of the search" in found.reason
    assert np.isnan(found.correlation)
    assert not found.is_independent
    assert found.population_mean_amount == 10


def test_a_mean_without_an_end_is_degenerate():
    generator = np.random.default_rng(4)
    amounts = np.exp(generator.normal(0, 3, 2000))
    found = fit_order_values(generator.integers(1, 3, 2000), amounts)
    assert found.status == "degenerate"
    assert found.q < 1
    assert found.reason.startswith("The mean order value of 2000 customers has no end")
    assert found.population_mean_amount == pytest.approx(amounts.mean())
