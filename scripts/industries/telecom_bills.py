"""Bill lines of the made-up operator: fees, included use and charged use."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from scripts.industries import telecom_design as design
from scripts.industries.company import cents

_TARIFFS = {plan.item for plan in design.PLANS if plan.kind == "tariff"}
_USAGE_SPREAD = 0.30  # of a person's mean use, as the deviation of its logarithm
_MONTH_SPREAD = 0.20
_LARGEST_TREND = 0.06  # growth of data use in a month, either way


class LinePlan(NamedTuple):
    """Who is billed for what: takings holds a list of (run, item) for each person."""

    people: pd.DataFrame
    takings: list[list[tuple[int, str]]]
    runs: list[pd.Period]


def make_bills(plan: LinePlan, generator: np.random.Generator) -> pd.DataFrame:
    """Return one line per subscriber, run and item, with its quantity and amount."""
    used = _draw_use(plan.people, len(plan.runs), generator)
    rows: list[tuple[str, str, str, float]] = []
    for place, person in enumerate(plan.people.itertuples()):
        for run in range(person.last_run + 1):
            name = f"R{plan.runs[run].month:02d}"
            for item in _fees(plan.takings[place], run):
                rows.append((person.subscriber_id, name, item, 1.0))
            for item, quantities in used.items():
                if quantities[place, run] > 0:
                    rows.append(
                        (person.subscriber_id, name, item, quantities[place, run])
                    )
    lines = pd.DataFrame(rows, columns=["subscriber_id", "run", "item", "quantity"])
    amounts = lines["quantity"] * lines["item"].map(design.PRICES)
    return lines.assign(
        quantity=lines["quantity"].map("{:g}".format), amount=cents(amounts.round(2))
    )


def _fees(takings: list[tuple[int, str]], run: int) -> list[str]:
    """Items with a monthly fee in a run: the tariff taken last, and each option."""
    taken = [item for since, item in takings if since <= run]
    tariffs = [item for item in taken if item in _TARIFFS]
    options = [item for item in taken if item not in _TARIFFS]
    return [tariffs[-1] if tariffs else design.CLASSIC.item, *options]


def _draw_use(
    people: pd.DataFrame, runs: int, generator: np.random.Generator
) -> dict[str, np.ndarray]:
    """Quantity of each item that is billed by use, (people x runs)."""
    segment = people["segment"].to_numpy()
    shape = (len(people), runs)
    growth = generator.uniform(-_LARGEST_TREND, _LARGEST_TREND, size=(len(people), 1))
    trend = (1 + growth) ** (np.arange(runs) - (runs - 1) / 2)
    gigabytes = _monthly(design.GIGABYTES[segment], shape, generator) * trend
    minutes = _monthly(design.MINUTES[segment], shape, generator)
    season = np.ones(runs)
    season[list(design.SUMMER_RUNS)] = 2.0
    abroad = generator.random(shape) < np.minimum(
        design.EU_ROAMING_CHANCE[segment][:, None] * season, 0.9
    )
    used = {
        "DAT": np.round(gigabytes, 1),
        "VOI": np.round(minutes),
        "REU": abroad * (1 + generator.poisson(4, size=shape)),
    }
    for item, (chances, mean) in design.CHARGES.items():
        factor = season if item in design.ROAMING_ITEMS else np.ones(runs)
        chance = np.array(chances)[segment][:, None] * factor
        charged = generator.random(shape) < chance
        used[item] = charged * (1 + generator.poisson(mean - 1, size=shape))
    has_lines = generator.random(len(people)) < design.ADDITIONAL_LINES[segment]
    lines = has_lines * (1 + generator.binomial(3, 0.4, size=len(people)))
    used["XLN"] = np.repeat(lines[:, None], runs, axis=1)
    return used


def _monthly(
    means: np.ndarray, shape: tuple[int, int], generator: np.random.Generator
) -> np.ndarray:
    own = np.exp(_USAGE_SPREAD * generator.normal(size=(shape[0], 1)))
    of_month = np.exp(_MONTH_SPREAD * generator.normal(size=shape))
    return means[:, None] * own * of_month
