"""Budgets whose optimum is known on paper, and what must hold of any optimum."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from segmentation.allocation import (
    allocate,
    expected_margin,
    marginal_return,
    to_cents,
)

QUICK = settings(deadline=None, derandomize=True, max_examples=60)


def curves(curve: str | list[str] = "log", **columns: object) -> pd.DataFrame:
    """The three segments of the oracle."""
    listed = {
        "segment_key": ["x1", "x2", "x3"],
        "curve": curve,
        "a": [100.0, 200.0, 50.0],
        "b": [10.0, 40.0, 5.0],
    }
    return pd.DataFrame({**listed, **columns})


@st.composite
def problems(draw) -> tuple[pd.DataFrame, float]:
    """Up to six segments and a total between their floors and their caps."""
    count = draw(st.integers(1, 6))

    def several(values):
        return draw(st.lists(values, min_size=count, max_size=count))

    floors = np.array(several(st.sampled_from([0.0, 0.0, 1.0, 50.0])))
    rooms = np.array(several(st.sampled_from([0.0, 10.0, 200.0, np.inf])))
    listed = pd.DataFrame(
        {
            "segment_key": [f"s{number}" for number in range(count)],
            "curve": several(st.sampled_from(["hill", "log"])),
            "a": several(st.sampled_from([0.0, 0.3, 7.0, 120.0, 5e4])),
            "b": several(st.floats(0.1, 1e4)),
            "floor_amount": floors,
            "cap_amount": floors + rooms,
        }
    )
    room = np.where(listed["a"] > 0, np.minimum(rooms, 1000.0), 0.0).sum()
    return listed, float(floors.sum() + draw(st.floats(0, 1)) * room)


@pytest.mark.parametrize(
    ("curve", "expected", "marginal", "objective"),
    [
        ("log", [34.285714, 48.571429, 17.142857], 2.25806452, None),
        ("hill", [25.809775, 61.285338, 12.904887], 0.77982441, 229.127217),
    ],
)
def test_oracles_without_bounds(curve, expected, marginal, objective):
    found = allocate(curves(curve), 100)
    segments = found.segments
    assert segments["spend_amount"].round(6).tolist() == expected
    assert round(found.marginal_return, 8) == marginal
    assert segments["marginal_return"].round(8).tolist() == [marginal] * 3
    assert segments["binding_constraint"].tolist() == ["none"] * 3
    assert found.kkt_residual < 1e-14
    if objective:
        assert round(found.expected_margin_amount, 6) == objective
    else:
        # On paper: sum of a over (budget + sum of b).
        assert found.marginal_return == pytest.approx(350 / 155, rel=1e-15)


def test_oracle_with_floor_and_cap():
    bounded = curves(floor_amount=[0, 0, 30.0], cap_amount=[20.0, np.inf, np.inf])
    found = allocate(bounded, 100)
    assert found.segments["spend_amount"].tolist() == pytest.approx([20, 50, 30])
    marginals = found.segments["marginal_return"].round(6).tolist()
    assert marginals == [3.333333, 2.222222, 1.428571]
    assert found.segments["binding_constraint"].tolist() == ["cap", "none", "floor"]
    assert round(found.marginal_return, 6) == 2.222222


def test_both_curves_share_one_marginal_return():
    found = allocate(curves(["hill", "log", "hill"]), 100)
    amounts = found.segments["spend_amount"].to_numpy()
    by_hand = [
        100 * 10 / (10 + amounts[0]) ** 2,
        200 / (40 + amounts[1]),
        50 * 5 / (5 + amounts[2]) ** 2,
    ]
    np.testing.assert_allclose(by_hand, found.marginal_return, rtol=1e-13)
    assert amounts.sum() == pytest.approx(100, abs=1e-12)


@QUICK
@given(problems())
def test_no_unit_is_better_spent_elsewhere(problem):
    listed, total = problem
    found = allocate(listed, total)
    amounts = found.segments["spend_amount"].to_numpy()
    low, high = listed["floor_amount"].to_numpy(), listed["cap_amount"].to_numpy()
    assert amounts.sum() == pytest.approx(total, rel=1e-9, abs=1e-9)
    assert (amounts >= low).all()
    assert (amounts <= high).all()
    assert found.kkt_residual < 1e-9

    arguments = [listed[name].to_numpy() for name in ("curve", "a", "b")]
    now = expected_margin(*arguments, amounts)
    slopes = marginal_return(*arguments, amounts)
    is_between = (found.segments["binding_constraint"] == "none").to_numpy()
    np.testing.assert_allclose(slopes[is_between], found.marginal_return, rtol=1e-6)
    binding = found.segments["binding_constraint"]
    assert (slopes[binding == "cap"] >= found.marginal_return * (1 - 1e-9)).all()
    assert (slopes[binding == "floor"] <= found.marginal_return * (1 + 1e-9)).all()
    for step in (0.01, 1.0):
        more = expected_margin(*arguments, np.minimum(amounts + step, high)) - now
        less = expected_margin(*arguments, np.maximum(amounts - step, low)) - now
        can_grow, can_shrink = amounts + step <= high, amounts - step >= low
        for giver in np.flatnonzero(can_shrink):
            gains = np.delete(np.where(can_grow, more, -np.inf), giver)
            best = gains.max(initial=-np.inf)
            assert best + less[giver] <= 1e-9 * max(now.sum(), 1)


@QUICK
@given(problems(), st.randoms(use_true_random=False))
def test_order_of_the_segments_does_not_matter(problem, random):
    listed, total = problem
    order = list(range(len(listed)))
    random.shuffle(order)
    first, second = allocate(listed, total), allocate(listed.iloc[order], total)
    pd.testing.assert_frame_equal(first.segments, second.segments, check_exact=True)
    assert first[1:] == second[1:]


def test_scipy_finds_nothing_better():
    generator = np.random.default_rng(3)
    for _ in range(15):
        count = int(generator.integers(2, 9))
        listed = pd.DataFrame(
            {
                "segment_key": [f"s{number}" for number in range(count)],
                "curve": generator.choice(["hill", "log"], count),
                "a": np.exp(generator.normal(3, 1, count)),
                "b": np.exp(generator.normal(1, 1, count)),
                "floor_amount": generator.uniform(0, 2, count),
                "cap_amount": generator.uniform(3, 20, count),
            }
        )
        low, high = listed["floor_amount"].sum(), listed["cap_amount"].sum()
        total = float(generator.uniform(low, high))
        found = allocate(listed, total)
        arguments = [listed[name].to_numpy() for name in ("curve", "a", "b")]
        share = (total - low) / (high - low)
        start = (1 - share) * listed["floor_amount"] + share * listed["cap_amount"]
        other = minimize(
            lambda x, arguments=arguments: -expected_margin(*arguments, x).sum(),
            start,
            jac=lambda x, arguments=arguments: -marginal_return(*arguments, x),
            method="SLSQP",
            bounds=listed[["floor_amount", "cap_amount"]].to_numpy(),
            constraints={"type": "eq", "fun": lambda x, total=total: x.sum() - total},
            options={"ftol": 1e-12, "maxiter": 500},
        )
        assert other.success
        assert found.expected_margin_amount >= -other.fun * (1 - 1e-9)
        amounts = found.segments["spend_amount"]
        np.testing.assert_allclose(amounts, other.x, atol=2e-4 * total)


def test_slope_is_that_of_the_margin():
    x, step = np.array([0.0, 3.0, 500.0]), 1e-6
    for curve in ("hill", "log"):
        rise = expected_margin(curve, 80.0, 20.0, x + step)
        rise -= expected_margin(curve, 80.0, 20.0, x)
        slopes = marginal_return(curve, 80.0, 20.0, x)
        np.testing.assert_allclose(rise / step, slopes, rtol=1e-5)
    assert expected_margin("hill", 80.0, 20.0, 20.0) == 40
    assert expected_margin("log", 80.0, 20.0, 20.0) == pytest.approx(80 * np.log(2))
    assert expected_margin("hill", 80.0, 20.0, np.inf) == 80
    assert expected_margin("hill", -1.0, np.nan, 5.0) == 0


def test_without_response_a_segment_gets_its_floor():
    found = allocate(
        curves(a=[100.0, 0.0, -5.0], b=[10, np.nan, 5], floor_amount=[0, 7, 3.0]), 100
    )
    assert found.segments["spend_amount"].tolist() == [90, 7, 3]
    bindings = ["none", "no_response", "no_response"]
    assert found.segments["binding_constraint"].tolist() == bindings
    statuses = ["responds", "no_response", "negative_response"]
    assert found.segments["response_status"].tolist() == statuses
    # 100 ln(1 + 90 / 10)
    margins = found.segments["expected_margin_amount"].tolist()
    assert margins == pytest.approx([100 * np.log(10), 0, 0])
    assert found.segments["marginal_return"].tolist()[1:] == [0, 0]


def test_nobody_responds():
    silent = curves(a=0.0, floor_amount=10.0)
    found = allocate(silent, 100, may_leave_unspent=True)
    assert found.spent_amount == 30
    assert found.unspent_amount == 70
    assert found.marginal_return == 0
    assert found.value_of_more_amount == 0


def test_zero_budget_goes_nowhere_and_knows_the_best_next_unit():
    found = allocate(curves(), 0)
    assert found.segments["spend_amount"].tolist() == [0, 0, 0]
    assert found.segments["binding_constraint"].tolist() == ["floor"] * 3
    assert found.marginal_return == 10  # 100 / 10 and 50 / 5
    assert found.kkt_residual == 0


def test_one_segment_gets_everything():
    found = allocate(curves().head(1), 40)
    assert found.segments["spend_amount"].tolist() == [40]
    assert found.marginal_return == pytest.approx(100 / 50)


def test_no_segment_and_no_budget():
    found = allocate(curves().head(0), 0)
    assert found.segments.empty
    assert found.segments["segment_key"].dtype == "str"
    assert found.expected_margin_amount == 0


def test_caps_that_take_it_all_leave_nothing_to_earn():
    found = allocate(curves(cap_amount=[10, 20, 30.0]), 60)
    assert found.segments["spend_amount"].tolist() == [10, 20, 30]
    assert found.segments["binding_constraint"].tolist() == ["cap"] * 3
    assert found.marginal_return == 0
    assert found.value_of_more_amount == 0


def test_where_a_bound_is_reached_exactly_the_next_unit_goes_on():
    bounded = curves("hill", a=[9.0, 4, 1], b=1.0, cap_amount=[0.5, 9, 9])
    found = allocate(bounded, 0.5)
    # 9 / (1 + 0.5)^2 = 4, what the first unit of the second earns.
    assert found.segments["spend_amount"].tolist() == [0.5, 0, 0]
    assert found.segments["binding_constraint"].tolist() == ["cap", "floor", "floor"]
    assert found.marginal_return == 4


def test_what_the_caps_do_not_let_through_may_stay_unspent():
    capped = curves(cap_amount=[10, 20, 30.0])
    found = allocate(capped, 100, may_leave_unspent=True)
    assert found.spent_amount == 60
    assert found.unspent_amount == 40


def test_equal_floor_and_cap_say_which_is_in_the_way():
    fixed = curves(floor_amount=[1.0, 0, 60], cap_amount=[1.0, np.inf, 60])
    found = allocate(fixed, 100)
    assert found.segments["spend_amount"].tolist() == pytest.approx([1, 39, 60])
    assert found.segments["binding_constraint"].tolist() == ["cap", "none", "floor"]


def test_value_of_more_is_that_of_the_larger_budget():
    bounded = curves(cap_amount=[20.0, 400.0, 300.0])
    gain = (
        allocate(bounded, 550).expected_margin_amount
        - allocate(bounded, 500).expected_margin_amount
    )
    found = allocate(bounded, 500, more=50)
    assert found.value_of_more_amount == pytest.approx(gain, rel=1e-9)
    # The marginal return of now would promise more than it keeps.
    assert gain < 50 * found.marginal_return
    # The caps sum to 720: of the next thousand only 220 can be spent.
    all_of_it = allocate(bounded, 720).expected_margin_amount
    rest = all_of_it - found.expected_margin_amount
    assert allocate(bounded, 500).value_of_more_amount == pytest.approx(rest)


def test_shares_of_today_that_sum_to_the_total_are_no_conflict():
    today = np.array([10.1, 20.2, 30.3])
    # 0.8 times each sums to a bit more or less than 0.8 times the sum.
    for factor in (0.7, 0.8, 1.1, 1.2, 1.3):
        bounds = {"floor_amount": today * factor, "cap_amount": today * 2}
        found = allocate(curves(**bounds), today.sum() * factor)
        np.testing.assert_allclose(found.segments["spend_amount"], today * factor)
        bounds = {"floor_amount": today / 2, "cap_amount": today * factor}
        found = allocate(curves(**bounds), today.sum() * factor)
        np.testing.assert_allclose(found.segments["spend_amount"], today * factor)


@pytest.mark.parametrize(
    ("columns", "total", "message"),
    [
        ({"floor_amount": 40.0}, 100, "floors sum to 120.00, .* total of 100.00"),
        ({"cap_amount": 30.0}, 100, "at most 90.00 of the total of 100.00"),
        ({"a": 0.0}, 100, "at most 0.00 of the total of 100.00"),
        ({}, -1, "must not be negative, got -1.00"),
        ({}, float("nan"), "must be a finite number, got nan"),
        ({"floor_amount": 5.0, "cap_amount": 4.0}, 9, "floor of 5.00 above .* 4.00"),
        ({"floor_amount": -5.0}, 9, "floor of -5.00, which is negative"),
        ({"floor_amount": np.nan}, 9, "segment x1 has a floor of nan"),
        ({"cap_amount": np.nan}, 9, "cap of nan"),
        ({"a": np.nan}, 9, "a = nan"),
        ({"b": 0.0}, 9, "b = 0.0"),
        ({"curve": "power"}, 9, "the curve 'power'"),
        ({"segment_key": "same"}, 9, "segment same twice"),
        ({"segment_key": None}, 9, "without a segment_key"),
    ],
)
def test_what_cannot_be_divided_is_an_error(columns, total, message):
    with pytest.raises(ValueError, match=message):
        allocate(curves(**columns), total)


def test_cents_sum_to_the_total_by_largest_remainder():
    # 33.335 and 33.335 and 33.33: one of the two equal remainders goes up, the first.
    assert to_cents([33.335, 33.335, 33.33], 100).tolist() == [3334, 3333, 3333]
    assert to_cents([1 / 3] * 3, 1).tolist() == [34, 33, 33]
    assert to_cents([0.012, 0.006, 0.022], Decimal("0.04")).tolist() == [1, 1, 2]
    assert to_cents([], 0).tolist() == []


@QUICK
@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=12), st.randoms(), st.data()
)
def test_cents_never_leave_floor_and_cap(cents, random, data):
    """Split a total of whole cents at random and round it back."""
    total = sum(cents)
    shares = np.array([0.01 + random.random() for _ in cents])
    amounts = shares / shares.sum() * total / 100
    floors, caps = np.floor(amounts * 100) / 100, np.ceil(amounts * 100) / 100
    loose = data.draw(st.sampled_from([0.0, 0.01]))
    found = to_cents(
        amounts, Decimal(total) / 100, np.maximum(floors - loose, 0), caps + loose
    )
    assert found.sum() == total
    assert (np.abs(found / 100 - amounts) < 0.01 + 1e-9).all()
    assert (found >= np.rint(floors * 100 - loose * 100)).all()
    assert (found <= np.rint((caps + loose) * 100)).all()


def test_cents_of_an_allocation_keep_its_bounds():
    bounded = curves(floor_amount=[0, 0, 30.01], cap_amount=[20.03, np.inf, np.inf])
    found = allocate(bounded, 100.07)
    cents = to_cents(found.segments["spend_amount"], 100.07)
    assert cents.sum() == 10007
    assert cents[0] == 2003
    assert cents[2] == 3001


@pytest.mark.parametrize(
    ("amounts", "total", "message"),
    [
        ([1.0, 2.0], 3.005, "total 3.005 is not a whole number of cents"),
        ([1.0, 2.0], 4, "3.00 cannot be rounded to the total of 4.00"),
        ([1.0, np.nan], 1, "finite and not negative"),
        ([1.0, -1.0], 0, "finite and not negative"),
    ],
)
def test_what_does_not_sum_is_an_error(amounts, total, message):
    with pytest.raises(ValueError, match=message):
        to_cents(amounts, total)
