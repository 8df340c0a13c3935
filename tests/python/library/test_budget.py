"""Budgets of scenarios: by hand, to the cent, and what cannot be divided."""

import numpy as np
import pandas as pd
import pytest

from segmentation.budget import allocate_budgets, learn_response_curves, plan_budgets

SETTINGS = {
    "connector": "shop",
    "as_of_date": "2025-01-01",
    "response_curve": "log",
    "minimum_response_periods": "12",
    "minimum_spend_range": "1.5",
    "response_draws": "20",
    "budget_maximum_change": "0.2",
    "minimum_test_amount": "0",
    "budget_horizon_days": "7",
    "random_seed": "20170101",
}
NO_INCREMENTS = pd.DataFrame(
    columns=[
        "segment_key",
        "spend_amount",
        "incremental_margin_amount",
        "standard_error",
    ]
)
NO_BOUNDS = pd.DataFrame(
    columns=["scenario", "connector", "segment_key", "floor_amount", "cap_amount"]
)
# The oracle of METHODS: log curves, a total of 100.
A, B, KEYS = (100.0, 200.0, 50.0), (10.0, 40.0, 5.0), ("x", "y", "z")


def curves_of(
    a: tuple = A, b: tuple = B, evidence: str = "measured", **columns: object
) -> pd.DataFrame:
    keys = KEYS[: len(a)]
    estimate = pd.DataFrame({"segment_key": keys, "draw": 0, "a": a, "b": b})
    estimate = estimate.assign(
        curve="log", evidence=evidence, status="fitted", reason="Fitted.", **columns
    )
    draws = [estimate[["segment_key", "a", "b"]].assign(draw=draw) for draw in (1, 2)]
    return pd.concat([estimate, *draws], ignore_index=True)


def segments_of(weekly: tuple = (30.0, 60.0, 10.0), **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"segment_key": KEYS[: len(weekly)]})
    frame = frame.assign(
        segmentation="combined",
        weekly_spend_amount=weekly,
        is_open=True,
        is_special=False,
        margin_share=0.4,
    )
    return frame.assign(**columns)


def scenario(name: str = "same", **columns: object) -> pd.DataFrame:
    row = {
        "scenario": name,
        "total_amount": np.nan,
        "total_change_share": np.nan if "total_amount" in columns else 0.0,
        "horizon_days": np.nan,
        "margin_share": np.nan,
        "may_leave_unspent": False,
    }
    return pd.DataFrame([{**row, **columns}])


def bound(segment_key: str, name: str = "same", **columns: object) -> pd.DataFrame:
    row = {"connector": None, "floor_amount": np.nan, "cap_amount": np.nan}
    return pd.DataFrame(
        [{"scenario": name, "segment_key": segment_key, **row, **columns}]
    )


def allocate(
    curves: pd.DataFrame | None = None,
    segments: pd.DataFrame | None = None,
    scenarios: pd.DataFrame | None = None,
    bounds: pd.DataFrame = NO_BOUNDS,
    **settings: str,
) -> pd.DataFrame:
    return allocate_budgets(
        curves_of() if curves is None else curves,
        segments_of() if segments is None else segments,
        scenario() if scenarios is None else scenarios,
        bounds,
        {**SETTINGS, **settings},
    )


def test_oracle_to_the_cent():
    found = allocate()
    assert found["recommended_spend_amount"].tolist() == [34.29, 48.57, 17.14]
    np.testing.assert_allclose(found["recommended_marginal_return"], 350 / 155)
    np.testing.assert_allclose(found["next_marginal_return"], 350 / 155)
    assert (found["status"] == "allocated").all()
    assert (found["binding_constraint"] == "none").all()
    assert (found["unspent_amount"] == 0).all()
    # a / (b + x) today: 100 / 40, 200 / 100, 50 / 15.
    np.testing.assert_allclose(found["current_marginal_return"], [2.5, 2, 10 / 3])
    # Of 33.33 each; and returns today of 100 ln(4) / 30, 200 ln(2.5) / 60, 5 ln(3).
    np.testing.assert_allclose(
        found["equal_split_margin_amount"],
        np.array(A) * np.log1p(100 / 3 / np.array(B)),
    )
    returns = np.array([100 * np.log(4) / 30, 200 * np.log(2.5) / 60, 5 * np.log(3)])
    np.testing.assert_allclose(
        found["proportional_split_margin_amount"],
        np.array(A) * np.log1p(100 * returns / returns.sum() / np.array(B)),
    )
    today = np.array(A) * np.log1p(np.array([30, 60, 10]) / np.array(B))
    np.testing.assert_allclose(found["current_split_margin_amount"], today)
    gain = found["expected_margin_amount"] - today
    for name in ("expected_margin_gain_amount", "low_amount", "high_amount"):
        np.testing.assert_allclose(found[name], gain)


def test_oracle_with_floor_and_cap():
    bounds = pd.concat([bound("z", floor_amount=30), bound("x", cap_amount=20)])
    found = allocate(bounds=bounds)
    assert found["recommended_spend_amount"].tolist() == [20, 50, 30]
    assert found["binding_constraint"].tolist() == ["cap", "none", "floor"]
    np.testing.assert_allclose(
        found["recommended_marginal_return"], [100 / 30, 200 / 90, 50 / 35]
    )


def test_curves_of_a_week_are_scaled_to_the_horizon():
    found = allocate(scenarios=scenario(horizon_days=70))
    # All times ten, so the returns are the same.
    assert found["recommended_spend_amount"].sum() == 1000
    np.testing.assert_allclose(
        found["recommended_spend_amount"], [342.857, 485.714, 171.429], atol=0.006
    )
    np.testing.assert_allclose(found["recommended_marginal_return"], 350 / 155)
    assert (found["horizon_days"] == 70).all()


def test_another_margin_scales_what_comes_back_and_not_the_split():
    found = allocate(scenarios=scenario(margin_share=0.2))
    assert found["recommended_spend_amount"].tolist() == [34.29, 48.57, 17.14]
    np.testing.assert_allclose(found["recommended_marginal_return"], 350 / 155 / 2)


def test_assumed_curves_stay_near_todays_split_of_the_total():
    curves = curves_of(evidence="assumed")
    more = allocate(curves, scenarios=scenario(total_change_share=0.1))
    np.testing.assert_allclose(more["floor_amount"], [26.4, 52.8, 8.8])
    np.testing.assert_allclose(more["cap_amount"], [39.6, 79.2, 13.2])
    assert more["recommended_spend_amount"].sum() == 110
    # A total of nothing is no contradiction to the limits.
    nothing = allocate(curves, scenarios=scenario(total_amount=0))
    assert nothing["recommended_spend_amount"].tolist() == [0, 0, 0]
    assert (nothing["status"] == "allocated").all()
    still = allocate(curves, budget_maximum_change="0")
    assert still["recommended_spend_amount"].tolist() == [30, 60, 10]


def test_an_infeasible_scenario_does_not_stop_the_others():
    scenarios = pd.concat([scenario("good"), scenario("high"), scenario("unknown")])
    bounds = pd.concat(
        [
            bound("x", "high", floor_amount=101.5),
            bound("w", "unknown", cap_amount=5),
        ]
    )
    found = allocate(scenarios=scenarios, bounds=bounds).set_index("scenario")
    assert found["status"].groupby(level=0).first().to_dict() == {
        "good": "allocated",
        "high": "infeasible",
        "unknown": "infeasible",
    }
    assert found.loc["high", "reason"].iloc[0] == (
        "infeasible: the floors sum to 101.50, which is above the total of 100.00"
    )
    assert "bound names w" in found.loc["unknown", "reason"].iloc[0]
    empty = found.drop("good")
    assert empty["recommended_spend_amount"].isna().all()
    assert empty["expected_margin_amount"].isna().all()
    assert empty["current_spend_amount"].notna().all()


def test_what_the_segments_cannot_take_stays_or_is_infeasible():
    curves = curves_of(evidence="assumed")
    curves.loc[curves["segment_key"] != "x", "a"] = 0.0
    # x may have 36 of 30; y and z keep 80 % of 60 and 10.
    kept = allocate(curves, scenarios=scenario(may_leave_unspent=True))
    assert kept["recommended_spend_amount"].tolist() == [36, 48, 8]
    assert (kept["unspent_amount"] == 8).all()
    strict = allocate(curves)
    assert "can take at most 92.00 of the total of 100.00" in strict["reason"][0]


def test_a_segment_that_is_gone_frees_its_spend():
    found = allocate(segments=segments_of(is_open=[True, True, False]))
    assert found["recommended_spend_amount"].tolist()[2] == 0
    assert found["recommended_spend_amount"].sum() == 100
    assert found["current_spend_amount"].tolist() == [30, 60, 10]


def test_who_is_in_no_segment_keeps_their_share():
    segments = segments_of(is_special=[False, False, True])
    curves = curves_of((100.0, 200.0, 0.0))
    found = allocate(curves, segments, scenario(total_change_share=0.2))
    # 12 of 120; for x and y (100 + 200) / (108 + 10 + 40) is the common return.
    amounts = [100 / (300 / 158) - 10, 200 / (300 / 158) - 40, 12]
    np.testing.assert_allclose(
        found["recommended_spend_amount"], amounts, atol=0.005, rtol=0
    )
    bounds = bound("z", cap_amount=3)
    found = allocate(curves, segments, bounds=bounds)
    assert found["recommended_spend_amount"][2] == 3


def test_one_segment_gets_everything():
    found = allocate(curves_of(A[:1], B[:1]), segments_of((12.34,)))
    assert found["recommended_spend_amount"].tolist() == [12.34]


def test_nobody_ever_spent_anything():
    segments = segments_of((0.0, 0.0, 0.0))
    history = pd.DataFrame(
        columns=[
            *("segment_key", "period_on", "spend_amount", "margin_amount"),
            *("trend", "season"),
        ]
    )
    curves = learn_response_curves(history, NO_INCREMENTS, segments, SETTINGS)
    scenarios = pd.concat([scenario(), scenario("some", total_amount=50)])
    found = allocate(curves, segments, scenarios)
    assert (found["response_status"] == "no_history").all()
    nothing = found[found["scenario"] == "same"]
    assert nothing["recommended_spend_amount"].tolist() == [0, 0, 0]
    assert nothing["reason"].str.startswith("Nothing was spent").all()
    money = nothing.filter(like="_amount").drop(columns=["cap_amount"])
    assert money.notna().all(axis=None)
    some = found[found["scenario"] == "some"]
    assert some["reason"].str.contains("at most 0.00 of the total of 50.00").all()


def test_the_plan_divides_totals_around_the_scenario():
    scenarios = pd.concat([scenario(), scenario("none", total_amount=0)])
    plan = plan_budgets(curves_of(), segments_of(), scenarios, NO_BOUNDS, SETTINGS)
    assert len(plan) == 2 * 9 * 3
    same = plan[plan["scenario"] == "same"].groupby("total_change_share")
    totals = same["recommended_spend_amount"].sum().round(2)
    assert totals.tolist() == [80, 85, 90, 95, 100, 105, 110, 115, 120]
    assert same["expected_margin_amount"].sum().is_monotonic_increasing
    middle = plan[(plan["scenario"] == "same") & (plan["total_change_share"] == 0)]
    assert middle["recommended_spend_amount"].tolist() == [34.29, 48.57, 17.14]
    assert (plan.loc[plan["scenario"] == "none", "recommended_spend_amount"] == 0).all()


def test_a_bound_of_the_connector_goes_before_that_of_all():
    bounds = pd.concat(
        [
            bound("x", cap_amount=5),
            bound("x", connector="shop", cap_amount=20),
            bound("x", connector="other", cap_amount=1),
        ]
    )
    assert allocate(bounds=bounds)["recommended_spend_amount"][0] == 20


@pytest.mark.parametrize(
    ("scenarios", "bounds", "message"),
    [
        (scenario(total_change_share=np.nan), NO_BOUNDS, "same needs either"),
        (scenario(total_amount=-1.0), NO_BOUNDS, "total_amount of -1.00"),
        (scenario(total_change_share=-1.5), NO_BOUNDS, "total_change_share of -1.5"),
        (scenario(horizon_days=0), NO_BOUNDS, "has 0 horizon_days"),
        (scenario(margin_share=1.2), NO_BOUNDS, "margin_share of 1.2"),
        (scenario(may_leave_unspent=None), NO_BOUNDS, "may_leave_unspent"),
        (scenario(None), NO_BOUNDS, "has no name"),
        (pd.concat([scenario(), scenario()]), NO_BOUNDS, "same is listed twice"),
        (scenario(), bound("x", "typo", cap_amount=1), "typo and x is of no scenario"),
        (scenario(), bound("x"), "neither a floor_amount nor a cap_amount"),
        (
            scenario(),
            bound("x", floor_amount=9, cap_amount=8),
            "a floor of 9.00 and a cap of 8.00",
        ),
        (scenario(), bound(None, cap_amount=1), "lacks a scenario or a segment_key"),
        (
            scenario(),
            pd.concat([bound("x", cap_amount=1), bound("x", cap_amount=2)]),
            "same and x is listed twice",
        ),
    ],
)
def test_rows_that_make_no_sense_are_an_error(scenarios, bounds, message):
    with pytest.raises(ValueError, match=message):
        allocate(scenarios=scenarios, bounds=bounds)


def test_without_segments_there_is_a_typed_empty_frame():
    nobody = segments_of().head(0)
    found = allocate(curves_of().head(0), nobody)
    plan = plan_budgets(curves_of().head(0), nobody, scenario(), NO_BOUNDS, SETTINGS)
    assert found.empty
    assert plan.empty
    assert found["recommended_spend_amount"].dtype == float
    history = pd.DataFrame(
        columns=[
            *("segment_key", "period_on", "spend_amount", "margin_amount"),
            *("trend", "season"),
        ]
    )
    curves = learn_response_curves(history, NO_INCREMENTS, nobody, SETTINGS)
    assert curves.empty


def test_an_empty_build_has_no_date_either():
    nobody, rows = segments_of().head(0), curves_of().head(0)
    undated = {**SETTINGS, "as_of_date": None}
    history = history_of(np.random.default_rng(1)).head(0)
    found = allocate_budgets(rows, nobody, scenario().head(0), NO_BOUNDS, undated)
    plan = plan_budgets(rows, nobody, scenario().head(0), NO_BOUNDS, undated)
    curves = learn_response_curves(history, NO_INCREMENTS, nobody, undated)
    for frame in (found, plan, curves):
        assert frame.empty
        assert frame["segment_key"].dtype == "str"
    assert curves["a"].dtype == float


def history_of(generator: np.random.Generator, growth: float = 0) -> pd.DataFrame:
    """Log curves; growth is that of the weekly margin, and a fifth of that of spend."""
    weeks = pd.date_range("2024-01-01", periods=30, freq="7D")
    spends = generator.uniform(10, 100, (3, 30)) + growth / 5 * np.arange(30)
    margins = (
        200 + growth * np.arange(30) + 100 * np.log1p(spends / np.array(B)[:, None])
    )
    return pd.DataFrame(
        {
            "segment_key": np.repeat(KEYS, 30),
            "period_on": np.tile(weeks, 3),
            "spend_amount": spends.ravel(),
            "margin_amount": margins.ravel(),
            "trend": np.tile(np.arange(30), 3),
            "season": 1.0,
            "segmentation": "combined",
        }
    )


def test_learned_curves_are_keyed_and_draw_zero_is_the_estimate():
    history = history_of(np.random.default_rng(3))
    segments = segments_of()
    found = learn_response_curves(history, NO_INCREMENTS, segments, SETTINGS)
    assert len(found) == 3 * 21
    assert found["draw"].tolist() == [*range(21)] * 3
    assert (found["connector"] == "shop").all()
    assert (found["as_of_date"] == "2025-01-01").all()
    assert (found["segmentation"] == "combined").all()
    estimate = found[found["draw"] == 0]
    np.testing.assert_allclose(estimate["a"], 100, rtol=0.05)
    assert (estimate["status"] == "fitted").all()
    assert found.loc[found["draw"] > 0, "status"].isna().all()
    # The order of the rows does not matter, to the last bit.
    again = learn_response_curves(
        history.sample(frac=1, random_state=1), NO_INCREMENTS, segments[::-1], SETTINGS
    )
    pd.testing.assert_frame_equal(found, again)


def test_no_curve_is_learned_of_who_is_in_no_segment():
    history = history_of(np.random.default_rng(3))
    segments = segments_of(is_special=[False, False, True])
    found = learn_response_curves(history, NO_INCREMENTS, segments, SETTINGS)
    special = found[found["segment_key"] == "z"]
    assert special["draw"].tolist() == [*range(21)]
    assert (special["a"] == 0).all()
    assert special["status"].tolist()[0] == "special_segment"
    assert special["reason"].tolist()[0].startswith("Nobody can aim")
    # It takes no part in what the others share.
    others = history[history["segment_key"] != "z"]
    alone = learn_response_curves(others, NO_INCREMENTS, segments[:2], SETTINGS)
    same = found[found["segment_key"] != "z"].reset_index(drop=True)
    pd.testing.assert_frame_equal(same, alone)


def test_cheap_campaigns_do_not_speak_for_a_usual_spend_that_is_higher():
    history = history_of(np.random.default_rng(3))
    mean = history.groupby("segment_key")["spend_amount"].mean()
    increments = pd.DataFrame({"segment_key": ["x", "x", "y"]}).assign(
        spend_amount=[5.0, mean["x"] - 1, mean["y"] + 1],
        incremental_margin_amount=[0.0, 0.0, 300.0],
        standard_error=1.0,
    )
    found = learn_response_curves(history, increments, segments_of(), SETTINGS)
    estimate = found[found["draw"] == 0].set_index("segment_key")
    assert estimate["evidence"].tolist() == ["assumed", "measured", "assumed"]
    assert (
        f"2 measured increments with a spend of at most {mean['x'] - 1:,.2f} do"
        in (estimate.loc["x", "reason"])
    )
    assert estimate.loc["x", "a"] == pytest.approx(100, rel=0.05)


def test_noise_makes_curves_alike_and_a_clear_response_does_not():
    generator = np.random.default_rng(5)
    history = history_of(generator)
    noise = history.assign(margin_amount=generator.normal(1000, 300, len(history)))
    # Somebody's luck alone: the return at the mean spend is one for all.
    alike = learn_response_curves(noise, NO_INCREMENTS, segments_of(), SETTINGS)
    alike = alike[(alike["draw"] == 0) & (alike["status"] == "fitted")]
    assert len(alike) > 1
    assert alike["reason"].str.contains("Nearer by 100%").all()
    spend = alike["mean_spend_amount"]
    returns = alike["a"] * np.log1p(spend / alike["b"]) / spend
    np.testing.assert_allclose(returns, returns.iloc[0], rtol=1e-6)
    clear = learn_response_curves(history, NO_INCREMENTS, segments_of(), SETTINGS)
    assert not clear["reason"].fillna("").str.contains("Nearer").any()


def test_measured_without_a_shape_is_moved_with_caution():
    curves = curves_of()
    few = curves.assign(status="insufficient_variation")
    assert allocate(curves)["cap_amount"].isna().all()
    np.testing.assert_allclose(allocate(few)["cap_amount"], [36, 72, 12])


def test_growth_is_not_taken_for_a_response():
    """Spend that rises with the weeks, as the margin does by itself."""
    history = history_of(np.random.default_rng(3), growth=10)
    brought = []
    for trend in (history["trend"], 0):
        found = learn_response_curves(
            history.assign(trend=trend), NO_INCREMENTS, segments_of(), SETTINGS
        )
        row = found[(found["segment_key"] == "y") & (found["draw"] == 0)].iloc[0]
        brought.append(row["a"] * np.log((row["b"] + 110) / (row["b"] + 40)))
    truth = 100 * np.log(150 / 80)
    assert brought[0] == pytest.approx(truth, rel=0.1)
    assert brought[1] > 1.5 * truth


def test_amounts_sum_to_the_total_and_keep_to_their_limits():
    generator = np.random.default_rng(7)
    for _ in range(40):
        a, b = generator.uniform(10, 900, 3), generator.uniform(1, 300, 3)
        weekly = tuple(generator.uniform(0, 500, 3))
        found = allocate(
            curves_of(tuple(a), tuple(b), evidence="assumed"),
            segments_of(weekly),
            scenario(total_change_share=generator.uniform(-0.5, 0.5)),
            minimum_test_amount="5",
        )
        amounts = found["recommended_spend_amount"]
        assert round(amounts.sum(), 2) == found["total_amount"][0]
        assert (amounts >= found["floor_amount"]).all()
        assert (amounts <= found["cap_amount"]).all()
