"""Budgets: curves of the segments in force, and what each scenario gives to each."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import fsum
from typing import NamedTuple

import numpy as np
import pandas as pd

from segmentation.allocation import (
    InfeasibleBudgetError,
    allocate,
    expected_margin,
    marginal_return,
    to_cents,
)
from segmentation.response import (
    _RESPONSE_TYPES,
    ASSUMED,
    FITTED,
    _fit,
    bootstrap_allocations,
    limit_changes,
)
from segmentation.rounding import rounded_array
from segmentation.settings import _date, _number, _text

ALLOCATED = "allocated"
INFEASIBLE = "infeasible"

DAYS_PER_WEEK = 7
_LONGEST_HORIZON = 3650
_LARGEST_TOTAL = 10**12
_CENTS = 100
# The amount whose value on top of the total is told.
_MORE = 1000.0
# Less shrinkage is not worth a word.
_FULL_TRUST = 0.995
# One alone has nothing in common with others.
_FEWEST_SHRUNK = 2
# Of returns; below it rounding would be taken for evidence.
_SMALLEST_VARIANCE = 1e-12
_PLAN_STEPS = tuple(percent / 100 for percent in range(-20, 21, 5))
_LOW, _HIGH = 0.05, 0.95

_NUMBERS = ["spend_amount", "margin_amount", "trend", "season"]
_HISTORY = ["segment_key", "period_on", *_NUMBERS]
_INCREMENTS = [
    "segment_key",
    "spend_amount",
    "incremental_margin_amount",
    "standard_error",
]
SPECIAL = "special_segment"
_SPECIAL_REASON = (
    "Nobody can aim at who is in no segment: it keeps its share of the total, and what "
    "that brings is not known."
)
_CURVE_TYPES = {
    "connector": "str",
    "as_of_date": "str",
    "segmentation": "str",
    "segment_key": "str",
    "draw": "int64",
    **{name: kind for name, kind in _RESPONSE_TYPES.items() if name != "segment_key"},
}
_KEY_TYPES = {
    "scenario": "str",
    "segmentation": "str",
    "segment_key": "str",
    "status": "str",
    "reason": "str",
    "horizon_days": "int64",
}
_AMOUNTS = [
    "total_amount",
    "unspent_amount",
    "current_spend_amount",
    "recommended_spend_amount",
    "floor_amount",
    "cap_amount",
    "expected_margin_amount",
]
_ALLOCATION_TYPES = {
    **_KEY_TYPES,
    "curve": "str",
    "binding_constraint": "str",
    "evidence": "str",
    "response_status": "str",
    **dict.fromkeys(_AMOUNTS, "float64"),
    "current_marginal_return": "float64",
    "recommended_marginal_return": "float64",
    "next_marginal_return": "float64",
    "expected_margin_gain_amount": "float64",
    "low_amount": "float64",
    "high_amount": "float64",
    "spend_low_amount": "float64",
    "spend_high_amount": "float64",
    "probability_marginal_return_above_one": "float64",
    "equal_split_margin_amount": "float64",
    "current_split_margin_amount": "float64",
    "proportional_split_margin_amount": "float64",
    "value_of_more_amount": "float64",
}
_PLAN_TYPES = {
    **_KEY_TYPES,
    "total_change_share": "float64",
    **dict.fromkeys(_AMOUNTS, "float64"),
    "binding_constraint": "str",
    "recommended_marginal_return": "float64",
    "value_of_more_amount": "float64",
}


class Scenario(NamedTuple):
    """A row of the scenarios, checked; ``total`` is in cents."""

    name: str
    total: int
    horizon_days: int
    margin_factor: float
    may_leave_unspent: bool
    obstacle: str


class Case(NamedTuple):
    """What a scenario divides, for the horizon of the scenario.

    ``curves`` has a row per segment, sorted by segment_key: segment_key, curve, a, b,
    evidence, status, reason, is_open and is_special; ``draws`` the a and b of the
    bootstrap; ``today`` is the present spend, array (segments,);
    ``bounds`` are floor and cap of the contract, NaN where there is none.
    """

    curves: pd.DataFrame
    draws: pd.DataFrame
    today: np.ndarray
    bounds: pd.DataFrame


def learn_response_curves(
    history: pd.DataFrame,
    increments: pd.DataFrame,
    segments: pd.DataFrame,
    settings: Mapping[str, str | None],
) -> pd.DataFrame:
    """Learn the response curve of each segment, with draws that tell how certain it is.

    Parameters
    ----------
    history : DataFrame with segment_key, period_on, spend_amount, margin_amount and,
        what margins depend on beside marketing, trend and season, one row per segment
        and week; further columns are left out
    increments : as ``response.fit_responses`` takes them, per week; further columns are
        left out
    segments : DataFrame with segmentation, segment_key and is_special, one row per
        segment; of special ones, at whom nobody can aim, no curve is learned
    settings : mapping of setting to text; unknown keys are ignored

    Returns
    -------
    DataFrame with connector, as_of_date, segmentation, segment_key and draw, and the
    columns of ``response.fit_responses``, one row per segment and draw, sorted by them.
    Draw 0 is the estimate; of the others only a and b are known. Curves are per week.
    Increments of a segment that all stay below its mean spend are left aside, which the
    reason says.

    Raises
    ------
    ValueError
        As ``response.fit_responses``.

    Notes
    -----
    Curves fitted to history are shrunk towards the return on spend that they have in
    common, by the share of their differences that the variance of the draws explains
    (James and Stein's estimator, as Efron and Morris 1973 have it, never beyond the
    mean). Where sales vary far more than marketing moves them, the curves so become
    alike, and a budget stays nearly as it is divided.
    """
    if segments.empty and not settings.get("as_of_date"):
        # `dbt build --empty`: without a row there is no date either.
        return pd.DataFrame(columns=[*_CURVE_TYPES]).astype(_CURVE_TYPES)
    connector = _text(settings, "connector")
    as_of_date = _date(settings, "as_of_date")
    keys = segments["segment_key"].astype("str")
    is_special = segments["is_special"].astype("bool")
    special = keys[is_special].tolist()
    seen, measured = (
        frame.loc[~frame["segment_key"].isin(special), columns].astype(
            dict.fromkeys(columns[-len(numbers) :], "float64")
        )
        for frame, columns, numbers in (
            (history, _HISTORY, _NUMBERS),
            (increments, _INCREMENTS, _INCREMENTS[1:]),
        )
    )
    measured, beside = _set_aside(seen, measured)
    responses, draws = _fit(seen, measured, settings, keys[~is_special])
    responses, draws, shrunk = _shrink(responses, draws)
    notes = [
        shrunk.get(key, "") + beside.get(key, "") for key in responses["segment_key"]
    ]
    notes = pd.Series(notes, responses.index, "str")
    rows = [
        responses.assign(draw=0, reason=responses["reason"] + notes),
        draws,
        _without_curve(special, _text(settings, "response_curve"), draws),
    ]
    rows = pd.concat([frame for frame in rows if len(frame)] or rows[:1])
    rows = rows[rows["segment_key"].isin(keys)]
    names = dict(zip(keys, segments["segmentation"].astype("str"), strict=True))
    rows = rows.assign(
        connector=connector,
        as_of_date=as_of_date.isoformat(),
        segmentation=rows["segment_key"].map(names),
        periods=rows["periods"].fillna(0),
    )
    rows = rows.sort_values(["segment_key", "draw"], ignore_index=True)
    return rows[[*_CURVE_TYPES]].astype(_CURVE_TYPES)


def _set_aside(
    history: pd.DataFrame, increments: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Increments of segments whose usual spend they reach, and words on the others.

    Some cheap mailings say nothing of what ads bring that cost ten times as much.
    """
    usual = history.groupby("segment_key")["spend_amount"].mean()
    known = increments.dropna()
    beside = {}
    for key, group in known.groupby("segment_key"):
        highest = group["spend_amount"].max()
        if highest < usual.get(key, 0.0):
            beside[str(key)] = (
                f" {len(group):,} measured increments with a spend of at most "
                f"{highest:,.2f} do not speak for a usual one of {usual[key]:,.2f}."
            )
    return known[~known["segment_key"].isin(beside)], beside


def _shrink(
    responses: pd.DataFrame, draws: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Curves of history nearer to a common return on spend, and words on it."""
    is_shrunk = (responses["evidence"] == ASSUMED) & (responses["status"] == FITTED)
    fitted = responses[is_shrunk].set_index("segment_key")
    if len(fitted) < _FEWEST_SHRUNK:
        return responses, draws, {}
    kind, spend = fitted["curve"].to_numpy(), fitted["mean_spend_amount"].to_numpy()
    wide = draws.pivot(index="draw", columns="segment_key")
    a, b = (
        np.vstack([fitted[name], wide[name][fitted.index]]).astype(float)
        for name in "ab"
    )
    returns = expected_margin(kind, a, b, spend) / spend
    errors = np.maximum(returns[1:].var(axis=0, ddof=1), _SMALLEST_VARIANCE)
    weights = 1 / errors
    common = (weights * returns).sum(axis=1, keepdims=True) / weights.sum()
    spread = (weights * (returns[0] - common[0]) ** 2).sum()
    trust = max(1 - (len(weights) - 1) / spread, 0.0) if spread > 0 else 0.0
    wanted = trust * returns + (1 - trust) * common
    unit = expected_margin(kind, 1.0, b, spend) / spend
    table = pd.DataFrame(rounded_array(wanted / unit), columns=fitted.index)
    table.index.name = "draw"
    long = table.melt(ignore_index=False, value_name="shrunk").reset_index()
    draws = draws.merge(long, "left", on=["draw", "segment_key"])
    draws["a"] = draws.pop("shrunk").fillna(draws["a"])
    estimate = responses["segment_key"].map(table.loc[0])
    word = f" Nearer by {1 - trust:.0%} to the return that all have in common."
    words = dict.fromkeys(fitted.index, word if trust < _FULL_TRUST else "")
    return responses.assign(a=estimate.fillna(responses["a"])), draws, words


def _without_curve(keys: list[str], curve: str, draws: pd.DataFrame) -> pd.DataFrame:
    """Rows of segments that no curve is learned of: nothing is expected of spend."""
    count = int(draws["draw"].max()) if len(draws) else 0
    rows = pd.DataFrame(
        [(key, draw) for key in keys for draw in range(count + 1)],
        columns=["segment_key", "draw"],
    )
    is_estimate = rows["draw"] == 0
    return rows.assign(
        a=0.0,
        **{
            name: pd.Series(text, rows.index, "str").where(is_estimate)
            for name, text in (
                ("curve", curve),
                ("evidence", ASSUMED),
                ("status", SPECIAL),
                ("reason", _SPECIAL_REASON),
            )
        },
    )


def allocate_budgets(
    curves: pd.DataFrame,
    segments: pd.DataFrame,
    scenarios: pd.DataFrame,
    bounds: pd.DataFrame,
    settings: Mapping[str, str | None],
) -> pd.DataFrame:
    """Divide the budget of each scenario over the segments.

    Parameters
    ----------
    curves : from ``learn_response_curves``, of one as-of date
    segments : DataFrame with segmentation, segment_key, weekly_spend_amount (at
        present), is_open (false: no segment any more, gets nothing), is_special (keeps
        its share of the total) and margin_share (of the company, the same in each
        row), one row per segment
    scenarios : DataFrame with scenario, either total_amount or total_change_share (of
        today's spend over the horizon), horizon_days (null: the setting
        budget_horizon_days), margin_share (null: the present one; margins are scaled to
        it) and may_leave_unspent, one row per scenario
    bounds : DataFrame with scenario, connector (null: any; a row of the connector goes
        before), segment_key, floor_amount and cap_amount (null: none) over the horizon
        of the scenario
    settings : mapping of setting to text; unknown keys are ignored

    Returns
    -------
    DataFrame with a row per scenario and segment, sorted by them: status 'allocated',
    or 'infeasible' with the numbers in the reason and no recommendation; amounts over
    horizon_days. recommended_spend_amount is in whole cents and sums, with
    unspent_amount, to total_amount. Curves that are not both measured and fitted move a
    segment little, around today's spend scaled to the total. Marginal returns are those
    of the amounts before they were rounded to cents; next_marginal_return is that of
    the whole budget. low_amount and high_amount bound the gain over today's spend,
    spend_low_amount and spend_high_amount the recommendation (5 % and 95 % of the
    draws). The margins of other splits of what is spent keep to no limits: equal, as
    today, and in proportion to today's return on spend. value_of_more_amount is what
    1,000 more would bring.

    Raises
    ------
    ValueError
        A setting, a scenario or a bound makes no sense; the message names it.
    """
    rows = [
        _allocation(scenario, case, settings)
        for scenario, case in _cases(curves, segments, scenarios, bounds, settings)
    ]
    return _joined(rows, segments, _ALLOCATION_TYPES)


def plan_budgets(
    curves: pd.DataFrame,
    segments: pd.DataFrame,
    scenarios: pd.DataFrame,
    bounds: pd.DataFrame,
    settings: Mapping[str, str | None],
) -> pd.DataFrame:
    """Divide totals around that of each scenario: -20 % to +20 % in steps of 5 %.

    Parameters and errors are those of ``allocate_budgets``.

    Returns
    -------
    DataFrame with a row per scenario, total_change_share and segment, sorted by them;
    columns mean what they mean in ``allocate_budgets``.
    """
    rows = [
        _divided(planned, case, settings)[0].assign(total_change_share=step)
        for scenario, case in _cases(curves, segments, scenarios, bounds, settings)
        for step in _PLAN_STEPS
        for planned in [scenario._replace(total=round(scenario.total * (1 + step)))]
    ]
    return _joined(rows, segments, _PLAN_TYPES)


def _joined(
    rows: list[pd.DataFrame], segments: pd.DataFrame, types: dict[str, str]
) -> pd.DataFrame:
    if not rows:
        return pd.DataFrame(columns=[*types]).astype(types)
    table = pd.concat(rows, ignore_index=True)
    names = dict(zip(segments["segment_key"], segments["segmentation"], strict=True))
    table["segmentation"] = table["segment_key"].map(names)
    table = table.reindex(columns=[*types]).astype(types)
    numbers = [name for name, kind in types.items() if kind == "float64"]
    table[numbers] = rounded_array(table[numbers].to_numpy())
    return table


def _cases(
    curves: pd.DataFrame,
    segments: pd.DataFrame,
    scenarios: pd.DataFrame,
    bounds: pd.DataFrame,
    settings: Mapping[str, str | None],
) -> Iterator[tuple[Scenario, Case]]:
    """Scenarios by name, each with its curves, today's spend and bounds."""
    if segments.empty and not settings.get("as_of_date"):
        return
    horizon = _number(settings, "budget_horizon_days", int, 1, _LONGEST_HORIZON)
    listed = _read_scenarios(scenarios, horizon)
    contracts = _read_bounds(
        bounds, _text(settings, "connector"), {row["scenario"] for row in listed}
    )
    segments = segments.sort_values("segment_key", ignore_index=True)
    if segments.empty:
        return
    weekly = segments["weekly_spend_amount"].to_numpy(dtype=float)
    known = segments[["segment_key", "is_open", "is_special"]]
    known = known.astype({"segment_key": "str"})
    columns = ["segment_key", "curve", "evidence", "status", "reason", "a", "b"]
    estimates = curves.loc[curves["draw"] == 0, columns]
    estimates = known.merge(estimates, "left", on="segment_key", validate="1:1")
    if estimates["curve"].isna().any():
        raise ValueError("a segment has no response curve")
    draws = curves.loc[curves["draw"] > 0, ["draw", "segment_key", "a", "b"]]
    margin_share = float(segments["margin_share"].iloc[0])
    is_open = known["is_open"].to_numpy(dtype=bool)
    for row in listed:
        weeks = row["horizon_days"] / DAYS_PER_WEEK
        exact = weekly * weeks
        cents = to_cents(exact, _whole_cents(fsum(exact)))
        contract = contracts[contracts["scenario"] == row["scenario"]]
        unknown = {*contract["segment_key"]} - {*known.loc[is_open, "segment_key"]}
        scenario = _scenario(row, int(cents.sum()), margin_share, unknown)
        heights, scales = weeks * scenario.margin_factor, weeks
        yield (
            scenario,
            Case(
                estimates.assign(a=estimates["a"] * heights, b=estimates["b"] * scales),
                draws.assign(a=draws["a"] * heights, b=draws["b"] * scales),
                cents / _CENTS,
                known[["segment_key"]].merge(contract, "left", on="segment_key"),
            ),
        )


def _scenario(
    row: dict[str, object], current: int, margin_share: float, unknown: set[str]
) -> Scenario:
    """A checked row; ``current`` is today's spend over its horizon in cents."""
    factor, obstacle = 1.0, ""
    if unknown:
        names = ", ".join(sorted(unknown))
        obstacle = f"a bound names {names}, which is no segment now"
    elif not np.isnan(row["margin_share"]):
        if margin_share > 0:
            factor = row["margin_share"] / margin_share
        else:
            obstacle = f"a margin_share of {margin_share:g} today cannot be scaled"
    if np.isnan(row["total_amount"]):
        total = round(current * (1 + row["total_change_share"]))
    else:
        total = round(row["total_amount"] * _CENTS)
    return Scenario(
        row["scenario"],
        total,
        row["horizon_days"],
        factor,
        row["may_leave_unspent"],
        obstacle,
    )


def _whole_cents(amount: float) -> Decimal:
    return Decimal(round(amount * _CENTS)) / _CENTS


def _divided(
    scenario: Scenario, case: Case, settings: Mapping[str, str | None]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of a scenario, and the limits they keep to."""
    curves = case.curves
    rows = curves[["segment_key", "curve", "evidence"]].assign(
        scenario=scenario.name,
        status=INFEASIBLE,
        response_status=curves["status"],
        horizon_days=scenario.horizon_days,
        total_amount=scenario.total / _CENTS,
        current_spend_amount=case.today,
        binding_constraint=None,
    )
    limits = _limits(scenario, case, settings)
    rows["floor_amount"] = limits["floor_amount"]
    rows["cap_amount"] = limits["cap_amount"].replace(np.inf, np.nan)
    try:
        if scenario.obstacle:
            raise InfeasibleBudgetError(scenario.obstacle)
        best = allocate(
            curves[["segment_key", "curve", "a", "b"]].merge(limits, on="segment_key"),
            scenario.total / _CENTS,
            may_leave_unspent=scenario.may_leave_unspent,
            more=_MORE,
        )
    except InfeasibleBudgetError as error:
        return rows.assign(reason=f"{INFEASIBLE}: {error}"), limits
    found = best.segments
    cents = to_cents(
        found["spend_amount"],
        _whole_cents(best.spent_amount),
        limits["floor_amount"],
        limits["cap_amount"],
    )
    return rows.assign(
        status=ALLOCATED,
        reason=np.where(
            curves["is_open"],
            curves["reason"],
            "No segment any more: its spend is free for the others.",
        ),
        binding_constraint=found["binding_constraint"],
        unspent_amount=(scenario.total - int(cents.sum())) / _CENTS,
        recommended_spend_amount=cents / _CENTS,
        recommended_marginal_return=found["marginal_return"],
        next_marginal_return=best.marginal_return,
        expected_margin_amount=_margins(curves, cents / _CENTS),
        value_of_more_amount=best.value_of_more_amount,
    ), limits


def _limits(
    scenario: Scenario, case: Case, settings: Mapping[str, str | None]
) -> pd.DataFrame:
    """Floors and caps in whole cents, around today's split of the scenario's total."""
    is_open = case.curves["is_open"].to_numpy(dtype=bool)
    split = np.where(is_open, case.today, 0.0)
    current = fsum(split)
    scaled = split * (scenario.total / _CENTS / current) if current else split
    segments = case.bounds[["segment_key", "floor_amount", "cap_amount"]]
    # A few increments give no shape, so what they say holds for small changes alone.
    is_shaped = case.curves["status"] == FITTED
    evidence = case.curves["evidence"].where(is_shaped, ASSUMED)
    limits = limit_changes(
        case.curves[["segment_key"]].assign(evidence=evidence),
        segments.assign(current_spend_amount=scaled),
        settings,
    )
    is_special = case.curves["is_special"].to_numpy(dtype=bool)
    kept = np.clip(
        scaled,
        segments["floor_amount"].fillna(0.0).to_numpy(dtype=float),
        segments["cap_amount"].fillna(np.inf).to_numpy(dtype=float),
    )
    # Outwards, so that a split that changes nothing stays within.
    bounds = {
        name: _rounded(np.where(is_special, kept, limits[name]), direction)
        for name, direction in (("floor_amount", np.floor), ("cap_amount", np.ceil))
    }
    return limits.assign(
        **{name: np.where(is_open, bound, 0.0) for name, bound in bounds.items()}
    )


def _rounded(amounts: np.ndarray, direction: np.ufunc) -> np.ndarray:
    exact = amounts * _CENTS
    nearest = np.rint(exact)
    is_whole = np.isclose(exact, nearest, rtol=1e-12, atol=1e-6)
    return np.where(is_whole, nearest, direction(exact)) / _CENTS


def _margins(curves: pd.DataFrame, spend: np.ndarray) -> np.ndarray:
    return expected_margin(curves["curve"], curves["a"], curves["b"], spend)


def _allocation(
    scenario: Scenario, case: Case, settings: Mapping[str, str | None]
) -> pd.DataFrame:
    """Rows of a scenario with their uncertainty, and what other splits would earn."""
    rows, limits = _divided(scenario, case, settings)
    curves, today = case.curves, case.today
    kinds = curves["curve"]
    rows["current_marginal_return"] = marginal_return(
        kinds, curves["a"], curves["b"], today
    )
    if (rows["status"] == INFEASIBLE).any():
        return rows
    recommended = rows["recommended_spend_amount"].to_numpy()
    bootstrap = bootstrap_allocations(
        curves,
        case.draws,
        limits,
        scenario.total / _CENTS,
        may_leave_unspent=scenario.may_leave_unspent,
    )
    wide = case.draws.pivot(index="draw", columns="segment_key")
    a, b = (wide[name][curves["segment_key"]].to_numpy() for name in "ab")
    gains = expected_margin(kinds, a, b, recommended)
    gains = gains - expected_margin(kinds, a, b, today)
    low, high = np.quantile(gains, [_LOW, _HIGH], axis=0)
    spent = fsum(recommended)
    is_open = curves["is_open"].to_numpy(dtype=bool)
    returns = np.divide(
        _margins(curves, today), today, np.zeros(len(today)), where=today > 0
    )
    is_above_one = bootstrap["probability_marginal_return_above_one"].to_numpy()
    return rows.assign(
        expected_margin_gain_amount=rows["expected_margin_amount"]
        - _margins(curves, today),
        low_amount=low,
        high_amount=high,
        spend_low_amount=bootstrap["spend_p05_amount"].to_numpy(),
        spend_high_amount=bootstrap["spend_p95_amount"].to_numpy(),
        probability_marginal_return_above_one=is_above_one,
        **{
            f"{name}_split_margin_amount": _margins(
                curves, _split(np.where(is_open, weights, 0.0), is_open, spent)
            )
            for name, weights in (
                ("equal", np.ones(len(today))),
                ("current", today),
                ("proportional", returns),
            )
        },
    )


def _split(weights: np.ndarray, is_open: np.ndarray, total: float) -> np.ndarray:
    """Total in proportion to weights; equally where none has any."""
    weights = weights if weights.any() else is_open.astype(float)
    return total * weights / max(fsum(weights), np.finfo(float).tiny)


def _read_scenarios(scenarios: pd.DataFrame, horizon: int) -> list[dict[str, object]]:
    """Checked rows by name."""
    numbers = ["total_amount", "total_change_share", "horizon_days", "margin_share"]
    listed = scenarios[["scenario", *numbers, "may_leave_unspent"]].copy()
    if listed["scenario"].isna().any():
        raise ValueError("a budget scenario has no name")
    listed[numbers] = listed[numbers].astype("float64")
    listed["scenario"] = listed["scenario"].astype("str")
    listed["horizon_days"] = listed["horizon_days"].fillna(horizon)
    listed = listed.sort_values("scenario", ignore_index=True)
    for name in listed.loc[listed["scenario"].duplicated(), "scenario"]:
        raise ValueError(f"the budget scenario {name} is listed twice")
    rows = []
    for row in listed.to_dict("records"):
        obstacle = _scenario_obstacle(row)
        if obstacle:
            raise ValueError(f"the budget scenario {row['scenario']} {obstacle}")
        rows.append(
            {
                **row,
                "horizon_days": int(row["horizon_days"]),
                "may_leave_unspent": bool(row["may_leave_unspent"]),
            }
        )
    return rows


def _scenario_obstacle(row: dict[str, object]) -> str | None:
    """What is wrong with a scenario, or None."""
    total, change = row["total_amount"], row["total_change_share"]
    days, margin = row["horizon_days"], row["margin_share"]
    if np.isnan(total) == np.isnan(change):
        return "needs either a total_amount or a total_change_share"
    if not (np.isnan(total) or 0 <= total <= _LARGEST_TOTAL):
        return f"has a total_amount of {total:,.2f}, which must be 0 to 10^12"
    if not (np.isnan(change) or -1 <= change <= 100):
        return f"has a total_change_share of {change:g}, which must be -1 to 100"
    if not (days == int(days) and 1 <= days <= _LONGEST_HORIZON):
        return f"has {days:g} horizon_days, which must be whole, 1 to 3650"
    if not (np.isnan(margin) or 0 < margin <= 1):
        return f"has a margin_share of {margin:g}, which must be above 0, at most 1"
    if pd.isna(row["may_leave_unspent"]):
        return "does not say whether it may_leave_unspent"
    return None


def _read_bounds(
    bounds: pd.DataFrame, connector: str, scenarios: set[str]
) -> pd.DataFrame:
    """Bounds of the connector, one per scenario and segment."""
    amounts = ["floor_amount", "cap_amount"]
    listed = bounds[["scenario", "connector", "segment_key", *amounts]]
    listed = listed.astype(dict.fromkeys(amounts, "float64"))
    if listed[["scenario", "segment_key"]].isna().any(axis=None):
        raise ValueError("a budget bound lacks a scenario or a segment_key")
    for row in listed.to_dict("records"):
        floor, cap = row["floor_amount"], row["cap_amount"]
        where = f"the budget bound of {row['scenario']} and {row['segment_key']}"
        if row["scenario"] not in scenarios:
            raise ValueError(f"{where} is of no scenario")
        if np.isnan(floor) and np.isnan(cap):
            raise ValueError(f"{where} has neither a floor_amount nor a cap_amount")
        if floor < 0 or cap < 0 or floor > cap:
            raise ValueError(
                f"{where} has a floor of {floor:,.2f} and a cap of {cap:,.2f}"
            )
    mine = listed[listed["connector"].isna() | (listed["connector"] == connector)]
    mine = mine.assign(is_general=mine["connector"].isna())
    mine = mine.sort_values(["scenario", "segment_key", "is_general"])
    for row in mine[
        mine.duplicated(["scenario", "segment_key", "is_general"])
    ].itertuples():
        raise ValueError(
            f"the budget bound of {row.scenario} and {row.segment_key} is listed twice"
        )
    mine = mine.drop_duplicates(["scenario", "segment_key"])
    return mine[["scenario", "segment_key", *amounts]].astype(
        {"scenario": "str", "segment_key": "str"}
    )
